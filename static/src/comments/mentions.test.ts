import { describe, expect, test } from 'vitest'

import type { Member } from '../api/types'
import { asked, decoded, encoded, matching, mentionOf } from './mentions'

const member = (user_id: string, username: string): Member => ({
  user_id, username, email: `${user_id}@example.org`, role: 'editor', joined_at: '', last_active: null,
})
const ADA = member('a'.repeat(32), 'Ada')
const LOVELACE = member('b'.repeat(32), 'Ada Lovelace')

describe('a mention', () => {
  test('is asked for by an @ that begins a word', () => {
    expect(asked('hi @Ad', 6)).toEqual({ at: 3, query: 'Ad' })
    expect(asked('@', 1)).toEqual({ at: 0, query: '' })
    expect(asked('ada@example', 11)).toBeNull()
    expect(asked('hi @Ad and', 10)).toEqual({ at: 3, query: 'Ad and' }) // a family name may follow
    expect(matching([ADA, LOVELACE], 'love')).toEqual([LOVELACE])
    expect(matching([ADA, LOVELACE], 'Ad and')).toEqual([])
  })

  test('is sent with the id, and edited without', () => {
    const mentions = [ADA, LOVELACE].map(mentionOf)
    const sent = encoded('@Ada Lovelace and @Ada, not @Adam', mentions)
    expect(sent).toBe(`@[Ada Lovelace](user:${LOVELACE.user_id}) and @[Ada](user:${ADA.user_id}), not @Adam`)
    const edited = decoded(sent)
    expect(edited.text).toBe('@Ada Lovelace and @Ada, not @Adam')
    expect(encoded(edited.text, edited.mentions)).toBe(sent)
  })

  test('has a name that can stand in brackets, whatever it is', () => {
    const odd = mentionOf(member('c'.repeat(32), 'A[d]a (x.*)'))
    expect(decoded(encoded(`@${odd.name}`, [odd])).mentions).toEqual([odd])
  })
})
