import { expect, test } from 'vitest'

import type { Comment, Reaction } from '../api/types'
import { threadsFollower, type Threads } from './threads'
import type { LiveEvent } from './track'
import { followed, RELOAD } from './useLiveQuery'

const DOCUMENT = 'd'
const comment = (id: string, parts: Partial<Comment> = {}): Comment => ({
  id, document_id: DOCUMENT, author_id: 'ada', author_name: 'ada', content: id, thread_id: 't', replies: [], created_at: '', edited_at: null,
  deleted_at: null, reactions: [], anchor: null, resolved_at: null, resolved_by: null, ...parts,
})
const held = (reactions: Reaction[] = []): Threads => ({
  threads: [comment('t', { replies: [comment('r', { reactions })] })],
  stream: { channel: 'workspace:w', epoch: 'e', offset: 1 },
})
const event = (type: string, data: Record<string, unknown>, offset = 2): LiveEvent => ({
  id: '1', type: `counterpoint.${type}.v1`, time: '', subject: '', actor: 'user/ada', actorkind: 'person', actorname: 'ada', offset,
  data: { document_id: DOCUMENT, thread_id: 't', comment_id: 'r', ...data },
})
const after = (data: Threads, each: LiveEvent) => followed(data, each, threadsFollower(DOCUMENT, 'me'))
const reactionsAfter = (reactions: Reaction[], data: Record<string, unknown>) => {
  const answer = after(held(reactions), event('comment.reacted', data))
  return answer === RELOAD ? RELOAD : answer.threads[0]!.replies[0]!.reactions
}
const people = (...ids: string[]) => ids.map((id) => ({ user_id: id, username: id }))

test('what is applied is not applied again', () => {
  const edited = event('comment.edited', { comment: { content: 'new', edited_at: 'now' } })
  const once = after(held(), edited) as Threads
  expect(once.threads[0]!.replies[0]!.content).toBe('new')
  expect(once.stream!.offset).toBe(2)
  expect(after(once, edited)).toBe(once)
})

test('an event of another document moves the position and nothing else', () => {
  const before = held()
  const answer = after(before, event('comment.deleted', { document_id: 'other' })) as Threads
  expect([answer.threads === before.threads, answer.stream!.offset]).toEqual([true, 2])
})

test('what an event does not tell is asked for', () => {
  expect(after(held(), event('comment.added', { thread_id: 'new', comment_id: 'new' }))).toBe(RELOAD)
  expect(after(held(), event('anchor.orphaned', {}))).toBe(RELOAD)
  expect(after(held(), event('comment.edited', { cut: ['comment'] }))).toBe(RELOAD)
  expect(after(held(), event('member.renamed', {}))).toBe(RELOAD)
})

test('a reaction is mine when I made it, and ends with its last person', () => {
  expect(reactionsAfter([], { emoji: '👍', added: true, user_id: 'me', user_name: 'me' })).toEqual([
    { emoji: '👍', count: 1, mine: true, users: people('me') },
  ])
  const two = { emoji: '👍', count: 2, mine: true, users: people('ada', 'me') }
  expect(reactionsAfter([two], { emoji: '👍', added: false, user_id: 'me' })).toEqual([{ ...two, count: 1, mine: false, users: people('ada') }])
  const one = { emoji: '👍', count: 1, mine: false, users: people('ada') }
  expect(reactionsAfter([one], { emoji: '👍', added: false, user_id: 'ada' })).toEqual([])
})

test('where only the server knows how a reaction stands, it is asked', () => {
  const two = { emoji: '👍', count: 2, mine: true, users: people('ada', 'me') }
  expect(reactionsAfter([two], { emoji: '👍', added: false, user_id: 'ada' })).toBe(RELOAD)
  expect(reactionsAfter([{ ...two, count: 100 }], { emoji: '👍', added: true, user_id: 'ben', user_name: 'ben' })).toBe(RELOAD)
})
