import { expect, test } from 'vitest'

import { othersHere, peopleIn, type Open } from './here'

const session = (document_id: string, ...users: string[]): Open => ({
  document_id, participants: users.map((user_id) => ({ user_id, username: user_id })),
})

test('the others are those whose page is live, and those who are in a document by another application', () => {
  const present = [{ id: 'ben', name: 'ben' }, { id: 'me', name: 'me' }]
  const others = othersHere(present, [session('d', 'cleo', 'ben', 'me')], 'me')
  expect(others?.map((each) => each.name)).toEqual(['ben', 'cleo'])
  expect(othersHere(null, [session('d', 'cleo')], 'me')).toBeNull()
})

test('in a document the reader stands first', () => {
  const found = peopleIn([session('d', 'ben', 'me'), session('e', 'ben')], 'me')
  expect(found.get('d')).toEqual([{ key: 'me', name: 'me', isMe: true }, { key: 'ben', name: 'ben', isMe: false }])
  expect([found.get('e')?.length, found.get('f')]).toEqual([1, undefined])
})
