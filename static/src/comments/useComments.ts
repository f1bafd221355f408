/** The comments of the open document: which are shown, which one is looked at, and where each stands. */

import { useEffect, useState, useSyncExternalStore } from 'react'

import { useThreads } from '../api/comments'
import type { Comment } from '../api/types'
import { ThreadLayer, type Marked } from '../editor/threadLayer'
import { groupsOf, type Shown } from './groups'
import type { Written } from './mentions'

export const DRAFT = 'draft'

/** What the comment that is being written is about; without an anchor, all of the document. */
export interface Draft {
  anchor: { start: string; end: string } | null
  quote: string | null
}

const isWide = () => matchMedia('(width >= 80rem)').matches

export function useComments(documentId: string, isLive: boolean) {
  const query = useThreads(documentId, isLive)
  const [layer] = useState(() => new ThreadLayer())
  const spans = useSyncExternalStore(layer.subscribe, layer.snapshot)
  const [isOpen, setOpen] = useState(isWide)
  const [shown, setShown] = useState<Shown>('open')
  const [active, setActive] = useState<string | null>(null)
  const [draft, setDraft] = useState<Draft | null>(null)
  const [drafts] = useState(() => new Map<string, Written>())
  const threads = query.data ?? NONE
  const groups = groupsOf(threads, shown, spans)
  useMarks(layer, threads, shown, draft, draft ? DRAFT : active)
  useEffect(() => {
    layer.onPick = (id) => {
      if (id === DRAFT) return
      setActive(id)
      setOpen(true)
      requestAnimationFrame(() => showCard(id))
    }
    layer.onAsk = begin
  })
  /** Comment on what is selected; with the caret in a thread's words, go there. */
  function begin(): void {
    const selected = layer.selected()
    const here = selected ? null : layer.atCaret()
    setOpen(true)
    setShown('open')
    if (here !== null && here !== DRAFT) setActive(here)
    else setDraft({ anchor: selected && { start: selected.start, end: selected.end }, quote: selected?.quote ?? null })
  }
  const count = threads.filter((thread) => thread.resolved_at === null).length
  return { query, layer, spans, groups, count, isOpen, setOpen, shown, setShown, active, setActive, draft, setDraft, drafts, begin }
}

/** Where the cards scroll by themselves, on a sheet; unfolded, where it stands apart. */
export function showCard(id: string, { focus = false } = {}): void {
  const card = document.querySelector<HTMLElement>(`[data-thread-card="${CSS.escape(id)}"]`)
  card?.closest('details')?.setAttribute('open', '')
  void card?.scrollIntoView({ block: 'nearest' })
  if (focus) card?.focus({ preventScroll: true })
}

export type Comments = ReturnType<typeof useComments>

const NONE: Comment[] = []

/** The words of the threads that are shown are marked in the text; what is written about now, too. */
function useMarks(layer: ThreadLayer, threads: readonly Comment[], shown: Shown, draft: Draft | null, active: string | null): void {
  const marked: Marked[] = threads
    .filter((thread) => (thread.resolved_at !== null) === (shown === 'resolved'))
    .flatMap(({ id, anchor }) => (anchor?.start ? [{ id, start: anchor.start, end: anchor.end, quote: anchor.quote }] : []))
  if (draft?.anchor) marked.push({ id: DRAFT, ...draft.anchor, quote: null })
  const isThere = useSyncExternalStore(layer.subscribe, () => layer.isThere)
  const key = JSON.stringify([marked, active, isThere])
  useEffect(() => {
    layer.show(marked, active)
  }, [layer, key])
}
