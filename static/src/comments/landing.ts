/** A link to a thread, `/documents/{id}?thread={thread}`: in which list its card stands. */

import type { Comment } from '../api/types'
import type { Shown } from './groups'

export const threadPath = (document: string, thread: string): string => `/documents/${document}?thread=${encodeURIComponent(thread)}`

export const threadIn = (search: string): string | null => new URLSearchParams(search).get('thread') || null

/** Undefined while it cannot be known: an old list may lack a new thread. Null: there is no such thread any more. */
export function listOf(threads: readonly Comment[] | undefined, isFresh: boolean, id: string): Shown | null | undefined {
  const thread = threads?.find((each) => each.id === id)
  if (thread) return thread.resolved_at === null ? 'open' : 'resolved'
  return isFresh ? null : undefined
}
