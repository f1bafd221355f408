/** Threads as they are listed: those beside their words, in the order of the text, and those that have none. */

import type { Comment } from '../api/types'

export type Shown = 'open' | 'resolved'

export interface Groups {
  placed: Comment[]
  /** Made about the document as a whole. */
  whole: Comment[]
  /** Their words were deleted. */
  orphaned: Comment[]
}

interface Span {
  from: number
  to: number
}

/** `spans`: where the editor finds them now; null while it shows no text, and then the server's word is taken. */
export function groupsOf(threads: readonly Comment[], shown: Shown, spans: ReadonlyMap<string, Span> | null): Groups {
  const groups: Groups = { placed: [], whole: [], orphaned: [] }
  for (const thread of threads) {
    if ((thread.resolved_at !== null) === (shown === 'resolved') && !isEmpty(thread)) groups[groupOf(thread, spans)].push(thread)
  }
  groups.placed.sort((a, b) => (spans?.get(a.id)?.from ?? 0) - (spans?.get(b.id)?.from ?? 0))
  return groups
}

function groupOf({ id, anchor }: Comment, spans: ReadonlyMap<string, Span> | null): keyof Groups {
  if (anchor === null) return 'whole'
  // An anchor without its positions was asked for by line and column, and is not looked up yet.
  if (spans === null || anchor.start === null) return anchor.state === 'orphaned' ? 'orphaned' : 'placed'
  return spans.has(id) ? 'placed' : 'orphaned'
}

/** All that was said is deleted. */
const isEmpty = (thread: Comment) => [thread, ...thread.replies].every((comment) => comment.deleted_at !== null)
