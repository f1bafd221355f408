/** Who follows a link to a thread lands on its words, with its card beside them and the keyboard in it. */

import { useEffect, useState } from 'react'
import { useSearch } from 'wouter'

import { useReadThread } from '../api/inbox'
import { useToast } from '../ui/Toasts'
import { listOf, threadIn } from './landing'
import { showCard, type Comments } from './useComments'

/** Later than this the reader is busy with something else: the page must not jump under him. */
const PATIENCE_MS = 10_000

export function useLanding({ query, layer, spans, setOpen, setShown, setActive }: Comments): void {
  const wanted = threadIn(useSearch())
  const [landed, setLanded] = useState<string | null>(null)
  const [revealed, setRevealed] = useState<string | null>(null)
  const say = useToast()
  const read = useReadThread()
  const list = wanted === null || wanted === landed ? undefined : listOf(query.data, query.isSuccess && !query.isFetching, wanted)
  useEffect(() => {
    if (wanted === null || list === undefined) return
    setLanded(wanted)
    if (list === null) return say('The thread of this link is not there any more.')
    setOpen(true)
    setShown(list)
    setActive(wanted)
    requestAnimationFrame(() => showCard(wanted, { focus: true }))
    read(wanted)
  }, [wanted, list])
  useEffect(() => {
    if (landed === null) return
    const timer = setTimeout(() => setRevealed(landed), PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [landed])
  const isFound = landed !== null && landed !== revealed && (spans?.has(landed) ?? false)
  useEffect(() => {
    if (!isFound || landed === null) return
    layer.reveal(landed, 'instant')
    setRevealed(landed)
  }, [isFound, landed])
}
