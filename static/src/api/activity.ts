/** What has happened in a workspace, newest first. */

import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'

import { activityFollower } from '../live/activity'
import { useLiveQuery } from '../live/useLiveQuery'
import { api, bodyOf } from './client'

const PATH = '/collaboration/workspaces/{workspace_id}/activity'
const PAGE_SIZE = 50

export interface ActivityFilter {
  days: number
  /** Empty: everybody's, and of every kind. */
  user: string
  type: string
}

/** Live: what happens is put on top. */
export function useActivity(workspace: string, filter: ActivityFilter) {
  const { days, user, type } = filter
  const key = ['activity', workspace, filter]
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam: cursor, signal }) => {
      const query = { limit: PAGE_SIZE, days, user_id: user || null, type: type ? [type] : null, cursor }
      return bodyOf(api.GET(PATH, { params: { path: { workspace_id: workspace }, query }, signal }))
    },
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
