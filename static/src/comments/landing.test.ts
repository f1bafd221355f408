import { expect, test } from 'vitest'

import type { Comment } from '../api/types'
import { listOf, threadIn, threadPath } from './landing'

const thread = (id: string, resolved_at: string | null = null) => ({ id, resolved_at }) as Comment

test('the thread of a link is read as it was written', () => {
  const path = threadPath('d1', 'a&b=c')
  expect(threadIn(path.slice(path.indexOf('?')))).toBe('a&b=c')
  expect([threadIn(''), threadIn('?thread='), threadIn('?other=1')]).toEqual([null, null, null])
})

test('a thread is among the open or the resolved ones, gone, or not known yet', () => {
  const threads = [thread('open'), thread('done', 'now')]
  expect([listOf(threads, false, 'open'), listOf(threads, true, 'done')]).toEqual(['open', 'resolved'])
  expect([listOf(threads, true, 'new'), listOf(threads, false, 'new'), listOf(undefined, false, 'open')]).toEqual([null, undefined, undefined])
})
