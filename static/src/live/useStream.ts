import { useEffect, useRef } from 'react'

import { useFeed } from './context'
import type { LiveEvent, Place, Seat } from './track'

interface Following {
  /** The position of the list; nothing is followed while it is not known. */
  since: Place | null | undefined
  onEvent: (event: LiveEvent) => void
  onReload: () => void
}

/** Follow a channel from where a list stands. After a reload the list has another `since`, and hears what came since. */
export function useStream(channel: string | null | undefined, { since, onEvent, onReload }: Following): void {
  const feed = useFeed()
  const latest = useRef({ onEvent, onReload })
  const seat = useRef<Seat | null>(null)
  useEffect(() => {
    latest.current = { onEvent, onReload }
  })
  const isKnown = since !== null && since !== undefined
  useEffect(() => {
    if (!channel || !isKnown) return
    const mine: Seat = {
      since: { epoch: since.epoch, offset: since.offset },
      onEvent: (event) => latest.current.onEvent(event),
      onReload: () => latest.current.onReload(),
    }
    seat.current = mine
    const leave = feed.sit(channel, mine)
    return () => {
      seat.current = null
      leave()
    }
    // It stays seated while its list moves on: that is what the next effect is for.
  }, [feed, channel, isKnown])
  useEffect(() => {
    const mine = seat.current
    if (!channel || !mine || !isKnown) return
    if (mine.since.epoch === since.epoch && mine.since.offset === since.offset) return
    mine.since = { epoch: since.epoch, offset: since.offset }
    feed.moved(channel, mine)
  }, [feed, channel, isKnown, since?.epoch, since?.offset])
}
