/** One feed for all pages of the app. */

import { useQueryClient } from '@tanstack/react-query'
import { createContext, useContext, useEffect, useState, useSyncExternalStore, type ReactNode } from 'react'

import { ME } from '../api/auth'
import { Feed, type FeedState } from './feed'

const Context = createContext<Feed | null>(null)

export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient()
  const [feed] = useState(() => new Feed(location.origin))
  useEffect(() => {
    feed.onStopped = () => void client.invalidateQueries({ queryKey: ME })
    const wake = () => feed.wake()
    addEventListener('focus', wake)
    return () => removeEventListener('focus', wake)
  }, [client, feed])
  return <Context value={feed}>{children}</Context>
}

export function useFeed(): Feed {
  const feed = useContext(Context)
  if (!feed) throw new Error('there is no LiveProvider around it')
  return feed
}

export function useFeedState(): FeedState {
  const feed = useFeed()
  return useSyncExternalStore(feed.subscribe, feed.snapshot)
}

/** Tell the feed who is signed in. */
export function usePersonOfFeed(person: string | undefined): void {
  const feed = useFeed()
  useEffect(() => {
    if (person !== undefined) feed.as(person)
  }, [feed, person])
}
