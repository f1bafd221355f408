import { useQueryClient, type QueryKey } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'

import type { StreamPlace } from '../api/types'
import type { LiveEvent, Place } from './track'
import { useStream } from './useStream'

/** What an event cannot be applied to: the list must be asked for again. */
export const RELOAD = Symbol('reload')

/** How a kept answer follows its channel. */
export interface Follower<D> {
  placeOf: (data: D) => StreamPlace | null | undefined
  /** The data after the event, standing at its offset; the same data when nothing in it changes. */
  apply: (data: D, event: LiveEvent) => D | typeof RELOAD
  movedTo: (data: D, place: Place) => D
}

/** Several events in a row are one question; many pages do not ask in the same moment. */
const PAUSE_MS = 100

/** Keep the answer of a query live by the events of a channel. */
export function useLiveQuery<D>(channel: string | null | undefined, key: QueryKey, data: D | undefined, follower: Follower<D>): void {
  const client = useQueryClient()
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const reload = () => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined
      void client.invalidateQueries({ queryKey: key, exact: true })
    }, PAUSE_MS * (1 + Math.random()))
  }
  useEffect(() => () => clearTimeout(timer.current), [])
  const place = data === undefined ? null : follower.placeOf(data)
  useStream(channel, {
    // While another list is shown in its stead, there is nothing to follow yet.
    since: place?.channel === channel ? place : null,
    onReload: reload,
    onEvent: (event) => {
      const held = client.getQueryData<D>(key)
      if (held === undefined) return
      const after = followed(held, event, follower)
      if (after === RELOAD) reload()
      else if (after !== held) client.setQueryData<D>(key, after)
    },
  })
}

/** The data with the event applied, once: it stands behind the event then. */
export function followed<D>(data: D, event: LiveEvent, { placeOf, apply, movedTo }: Follower<D>): D | typeof RELOAD {
  const place = placeOf(data)
  if (!place || event.offset <= place.offset) return data
  const after = apply(data, event)
  return after === RELOAD ? RELOAD : movedTo(after, { epoch: place.epoch, offset: event.offset })
}
