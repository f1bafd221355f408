/** Lists in pages that follow a channel. The first page says where they stand: what came during the others comes again. */

import type { InfiniteData } from '@tanstack/react-query'

import type { StreamPlace } from '../api/types'
import type { LiveEvent, Place } from './track'
import { RELOAD, type Follower } from './useLiveQuery'

interface Placed {
  stream?: StreamPlace | null
}

type Pages<P> = InfiniteData<P, unknown>

/** `apply`: the page after the event, where it holds what the event is about; else the page itself. */
export function followerOf<P extends Placed>(
  apply: (page: P, event: LiveEvent, isFirst: boolean) => P | typeof RELOAD,
): Follower<Pages<P>> {
  return {
    placeOf: (data) => data.pages[0]?.stream,
    apply: (data, event) => {
      const pages: P[] = []
      for (const [index, page] of data.pages.entries()) {
        const after = apply(page, event, index === 0)
        if (after === RELOAD) return RELOAD
        pages.push(after)
      }
      return { ...data, pages }
    },
    movedTo: (data, place) => ({ ...data, pages: data.pages.map((page, index) => (index === 0 ? moved(page, place) : page)) }),
  }
}

/** Its rows cannot be made from events: it is asked for again after those of these types. */
export const reloadOn = <T>(types: RegExp): Follower<Pages<Placed & { data: T[] }>> =>
  followerOf((page, event) => (types.test(event.type) ? RELOAD : page))

export const moved = <P extends Placed>(page: P, place: Place): P =>
  page.stream ? { ...page, stream: { ...page.stream, ...place } } : page
