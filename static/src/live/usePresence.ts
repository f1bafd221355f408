import { useSyncExternalStore } from 'react'

import { useFeed } from './context'
import type { Present } from './presence'

/** Who is in a channel that this page follows; null while that is not known. */
export function usePresence(channel: string): readonly Present[] | null {
  const roll = useFeed().rollOf(channel)
  return useSyncExternalStore(roll.subscribe, roll.snapshot)
}
