import { expect, test } from 'vitest'

import type { Anchor, Comment } from '../api/types'
import { groupsOf } from './groups'

const anchor = (state: Anchor['state'], start: string | null = 'AA=='): Anchor => ({ state, start, end: start, quote: 'words' })
const thread = (id: string, parts: Partial<Comment> = {}): Comment => ({
  id, document_id: 'd', author_id: 'u', author_name: 'Ada', content: 'x', thread_id: null, replies: [], created_at: '',
  edited_at: null, deleted_at: null, reactions: [], anchor: null, resolved_at: null, resolved_by: null, ...parts,
})
const idsOf = (threads: Comment[]) => threads.map((each) => each.id)

test('what the editor finds now goes before what the server found last', () => {
  const threads = [thread('whole'), thread('late', { anchor: anchor('orphaned') }), thread('early', { anchor: anchor('attached') }), thread('gone', { anchor: anchor('attached') })]
  const groups = groupsOf(threads, 'open', new Map([['late', { from: 9, to: 12 }], ['early', { from: 1, to: 3 }]]))
  expect([idsOf(groups.placed), idsOf(groups.whole), idsOf(groups.orphaned)]).toEqual([['early', 'late'], ['whole'], ['gone']])
})

test('before the text is there the server is believed', () => {
  const groups = groupsOf([thread('a', { anchor: anchor('orphaned') }), thread('b', { anchor: anchor('unknown', null) })], 'open', null)
  expect([idsOf(groups.placed), idsOf(groups.orphaned)]).toEqual([['b'], ['a']])
})

test('resolved threads are listed by themselves, and threads of tombstones alone nowhere', () => {
  const threads = [thread('done', { resolved_at: 'now' }), thread('open'), thread('empty', { deleted_at: 'now' })]
  expect(idsOf(groupsOf(threads, 'open', null).whole)).toEqual(['open'])
  expect(idsOf(groupsOf(threads, 'resolved', null).whole)).toEqual(['done'])
})
