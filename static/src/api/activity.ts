/** What has happened in a workspace, newest first. */

import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'

import { requestData } from './client'
import type { Activity } from './types'

const PAGE_SIZE = 50

export interface ActivityFilter {
  days: number
  /** Empty: everybody's, and of every kind. */
  user: string
  type: string
}

export function useActivity(workspace: string, filter: ActivityFilter) {
  const query = useInfiniteQuery({
    queryKey: ['activity', workspace, filter],
    queryFn: ({ pageParam, signal }) => requestData<Activity>('GET', pathOf(workspace, filter, pageParam), undefined, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: 'always',
  })
  return {
    ...query,
    items: query.data?.pages.flatMap((page) => page.items) ?? [],
    stats: query.data?.pages[0]?.stats ?? null,
  }
}

function pathOf(workspace: string, { days, user, type }: ActivityFilter, cursor: string | null): string {
  const parameters = new URLSearchParams({ limit: String(PAGE_SIZE), days: String(days) })
  if (user) parameters.set('user_id', user)
  if (type) parameters.set('type', type)
  if (cursor) parameters.set('cursor', cursor)
  return `/collaboration/workspaces/${workspace}/activity?${parameters}`
}
