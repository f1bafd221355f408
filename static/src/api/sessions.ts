/** Who is in which document now. */

import { useQuery } from '@tanstack/react-query'

import { api, dataOf } from './client'

/** No event tells of it: it is asked for again this often while it is looked at. */
const EVERY_MS = 10_000

export const sessionsKey = (workspace: string) => ['sessions', workspace] as const

export function useSessions(workspace: string) {
  return useQuery({
    queryKey: sessionsKey(workspace),
    queryFn: ({ signal }) => dataOf(api.GET('/collaboration/sessions/active', { params: { query: { workspace_id: workspace } }, signal })),
    refetchInterval: EVERY_MS,
    staleTime: 0,
  })
}
