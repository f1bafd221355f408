import { describe, expect, test } from 'vitest'

import type { Group, Member } from '../api/types'
import { asked, candidatesOf, decoded, encoded, matching, mentionOf, type Candidate } from './mentions'

const member = (user_id: string, username: string): Member => ({
  user_id, username, email: `${user_id}@example.org`, role: 'editor', joined_at: '', last_active: null,
})
const group = (id: string, name: string, ...users: string[]): Group => ({
  id, name, created_at: '', members: users.map((user_id) => ({ user_id, name: user_id })),
})
const MEMBERS = [member('a'.repeat(32), 'Ada'), member('b'.repeat(32), 'Ada Lovelace')]
const STRINGS = group('d'.repeat(32), 'Strings', 'a'.repeat(32), 'f'.repeat(32))
const [ADA, LOVELACE, GROUP] = candidatesOf(MEMBERS, [STRINGS]) as [Candidate, Candidate, Candidate]

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
    const mentions = [ADA, LOVELACE].map((each) => mentionOf(each))
    const sent = encoded('@Ada Lovelace and @Ada, not @Adam', mentions)
    expect(sent).toBe(`@[Ada Lovelace](user:${LOVELACE.id}) and @[Ada](user:${ADA.id}), not @Adam`)
    const edited = decoded(sent)
    expect(edited.text).toBe('@Ada Lovelace and @Ada, not @Adam')
    expect(encoded(edited.text, edited.mentions)).toBe(sent)
  })

  test('has a name that can stand in brackets, whatever it is', () => {
    const odd = mentionOf({ ...ADA, name: 'A[d]a (x.*)' })
    expect(decoded(encoded(`@${odd.name}`, [odd])).mentions).toEqual([odd])
  })

  test('can be of a group, which says how many of its people are here', () => {
    expect(matching([ADA, LOVELACE, GROUP], 'str')).toEqual([GROUP])
    expect(GROUP.note).toBe('Group, 1 person here')
    expect(candidatesOf(MEMBERS, [group('e', 'Brass')]).at(-1)!.note).toBe('Group, nobody here')
    expect(encoded('@Strings, please', [mentionOf(GROUP)])).toBe(`@[Strings](group:${STRINGS.id}), please`)
  })

  test('of somebody who has the name of another who is mentioned goes to him', () => {
    const other = { ...ADA, id: 'c'.repeat(32), note: 'other@example.org' }
    const mentions = [mentionOf(ADA)]
    mentions.push(mentionOf(other, mentions))
    expect(encoded('@Ada and @Ada (other@example.org)', mentions)).toBe(`@[Ada](user:${ADA.id}) and @[Ada (other@example.org)](user:${other.id})`)
    expect(mentionOf(ADA, mentions)).toEqual(mentions[0])
  })
})
