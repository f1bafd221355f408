import { useEffect, useRef } from 'react'

import { useFeed } from './context'
import type { Ear } from './feed'

/** Hear what is told on a channel while this is shown; null: none. */
export function useChannel(channel: string | null, ear: Ear): void {
  const feed = useFeed()
  const latest = useRef(ear)
  useEffect(() => {
    latest.current = ear
  })
  useEffect(() => {
    if (channel === null) return
    return feed.listen(channel, {
      onTold: (event) => latest.current.onTold(event),
      onOpen: () => latest.current.onOpen(),
    })
  }, [feed, channel])
}
