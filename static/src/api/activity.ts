/** What has happened in a workspace, newest first. */

import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'

import { activityFollower } from '../live/activity'
import { useLiveQuery } from '../live/useLiveQuery'
import { request } from './client'
import type { Activity, StreamPlace } from './types'

const PAGE_SIZE = 50

export interface ActivityFilter {
  days: number
  /** Empty: everybody's, and of every kind. */
  user: string
  type: string
}

export interface ActivityPage {
  data: Activity
  stream?: StreamPlace | null
}

/** Live: what happens is put on top. */
export function useActivity(workspace: string, filter: ActivityFilter) {
  const key = ['activity', workspace, filter]
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => request<ActivityPage>('GET', pathOf(workspace, filter, pageParam), undefined, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.data.next_cursor,
    placeholderData: keepPreviousData,
  })
  useLiveQuery(`workspace:${workspace}`, key, query.data, activityFollower(filter))
  return {
    ...query,
    items: query.data?.pages.flatMap((page) => page.data.items) ?? [],
    stats: query.data?.pages[0]?.data.stats ?? null,
  }
}

function pathOf(workspace: string, { days, user, type }: ActivityFilter, cursor: string | null): string {
  const parameters = new URLSearchParams({ limit: String(PAGE_SIZE), days: String(days) })
  if (user) parameters.set('user_id', user)
  if (type) parameters.set('type', type)
  if (cursor) parameters.set('cursor', cursor)
  return `/collaboration/workspaces/${workspace}/activity?${parameters}`
}
