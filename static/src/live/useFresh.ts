import { useQueryClient, type QueryKey } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'

import { useChannel } from './useChannel'

/** Several events in a row are one question; many pages do not ask in the same moment. */
const PAUSE_MS = 150

/** Ask again for these when something is told on the channel, and when it is open again. */
export function useFresh(channel: string, keys: readonly QueryKey[]): void {
  const client = useQueryClient()
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const ask = () => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined
      for (const queryKey of keys) void client.invalidateQueries({ queryKey })
    }, PAUSE_MS * (1 + Math.random()))
  }
  useEffect(() => () => clearTimeout(timer.current), [])
  useChannel(channel, { onTold: ask, onOpen: ask })
}
