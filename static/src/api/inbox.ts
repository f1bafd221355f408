/** The inbox: what concerns the reader, with what is unread and what came since he looked. */

import { useInfiniteQuery, useMutation, useQuery, useQueryClient, type InfiniteData, type QueryClient } from '@tanstack/react-query'

import { asAcknowledged, asRead, asRemoved, changeOf, escalationOf, listed, withChange, type Change, type Counts, type Filter, type InboxItem, type InboxPageData } from '../inbox/model'
import { moved } from '../live/lists'
import type { LiveEvent } from '../live/track'
import { RELOAD, useLiveQuery, type Follower } from '../live/useLiveQuery'
import { useMe } from './auth'
import { api, bodyOf } from './client'
import type { EnvelopeCountsState } from './schema'

const PAGE_SIZE = 50
const LISTS = ['inbox', 'list'] as const
const COUNTS = ['inbox', 'counts'] as const

type Pages = InfiniteData<InboxPageData>

const paramsOf = (item: InboxItem) => ({ path: { notification_id: item.id } })

/** The reader's own channel: what comes there is shown at once. */
const channelOf = (me: string | undefined) => (me === undefined ? null : `user:${me}`)

export function useInbox(me: string, filter: Filter) {
  const queryKey = [...LISTS, filter]
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => fetchPage(filter, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    refetchOnWindowFocus: 'always',
  })
  const follower: Follower<Pages> = {
    placeOf: ({ pages }) => pages[0]?.stream,
    apply: (held, event) => afterEvent(held, event, (change) => ({ ...held, pages: withChange(held.pages, change, filter) })),
    movedTo: (held, place) => ({ ...held, pages: held.pages.map((page, index) => (index === 0 ? moved(page, place) : page)) }),
  }
  useLiveQuery(channelOf(me), queryKey, query.data, follower)
  return { ...query, items: listed(query.data?.pages ?? []), counts: query.data?.pages[0]?.counts }
}

function afterEvent<D>(held: D, event: LiveEvent, put: (change: Change) => D): D | typeof RELOAD {
  const change = changeOf(event)
  return change ? put(change) : change === null ? held : RELOAD
}

async function fetchPage(filter: Filter, cursor: string | null, signal: AbortSignal | null = null): Promise<InboxPageData> {
  const query = { filter, limit: PAGE_SIZE, cursor }
  const { data, ...place } = await bodyOf(api.GET('/notifications', { params: { query }, signal }))
  return { ...data, ...place }
}

const COUNTS_FOLLOWER: Follower<EnvelopeCountsState> = {
  placeOf: ({ stream }) => stream,
  apply: (held, event) => afterEvent(held, event, ({ counts }) => ({ ...held, data: counts })),
  movedTo: moved,
}

export function useCounts(): Counts {
  const me = useMe().data?.id
  const query = useQuery({
    queryKey: COUNTS,
    queryFn: ({ signal }) => bodyOf(api.GET('/notifications/counts', { signal })),
    refetchOnWindowFocus: 'always',
  })
  useLiveQuery(channelOf(me), COUNTS, query.data, COUNTS_FOLLOWER)
  return query.data?.data ?? NOTHING
}

const NOTHING: Counts = { unread: 0, unseen: 0 }

/** Put a change into all that is shown. */
function applyChange(client: QueryClient, change: Change): void {
  client.setQueryData<EnvelopeCountsState>(COUNTS, (held) => held && { ...held, data: change.counts })
  for (const filter of ['all', 'unread'] as const) {
    client.setQueryData<Pages>([...LISTS, filter], (held) => held && { ...held, pages: withChange(held.pages, change, filter) })
  }
}

const countsIn = (client: QueryClient): Counts => client.getQueryData<EnvelopeCountsState>(COUNTS)?.data ?? NOTHING

/** What is pressed is shown at once; what was refused is taken back by asking again. */
function usePress<W>(send: (wish: W) => Promise<unknown>, shown: (wish: W, counts: Counts) => Change) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: send,
    // An older answer that comes later undoes it until the event of the change comes, which stands behind it.
    onMutate: (wish: W) => applyChange(client, shown(wish, countsIn(client))),
    onError: () => client.invalidateQueries({ queryKey: ['inbox'] }),
  })
}

export const useMarkRead = () =>
  usePress(
    ({ item, isRead }: { item: InboxItem; isRead: boolean }) => {
      const options = { params: paramsOf(item) }
      return isRead ? api.POST('/notifications/{notification_id}/read', options) : api.POST('/notifications/{notification_id}/unread', options)
    },
    ({ item, isRead }, counts) => asRead(item, isRead, counts, new Date().toISOString()),
  )

/** Who has come to a thread, by whichever way, has read what is told of it. */
export function useReadThread(): (thread: string) => void {
  const client = useQueryClient()
  const mark = useMarkRead()
  return (thread) => {
    if (countsIn(client).unread === 0) return
    // A courtesy: when it cannot be done the item stays unread, and nobody is bothered.
    fetchPage('unread', null)
      .then(({ items }) => items.filter((item) => item.thread_id === thread).forEach((item) => mark.mutate({ item, isRead: true })))
      .catch(() => undefined)
  }
}

/** It counts for everybody who was called: their inboxes hear of it as this one does. */
export const useAcknowledge = () =>
  usePress(
    (item: InboxItem) => api.POST('/escalations/{escalation_id}/acknowledge', { params: { path: { escalation_id: escalationOf(item) ?? '' } } }),
    (item, counts) => asAcknowledged(item, counts, new Date().toISOString()),
  )

export const useRemove = () =>
  usePress(
    (item: InboxItem) => api.DELETE('/notifications/{notification_id}', { params: paramsOf(item) }),
    (item, counts) => asRemoved(item, counts),
  )

export const useMarkAllRead = () =>
  usePress(
    (_: void) => api.POST('/notifications/read'),
    (_, { unseen }) => ({ kind: 'all_read', at: new Date().toISOString(), counts: { unread: 0, unseen } }),
  )

export const useMarkAllSeen = () =>
  usePress(
    (_: void) => api.POST('/notifications/seen'),
    (_, { unread }) => ({ kind: 'all_seen', at: new Date().toISOString(), counts: { unread, unseen: 0 } }),
  )
