/** The groups of the organisation. */

import { useQuery } from '@tanstack/react-query'

import { api, bodyOf } from './client'

export function useGroups() {
  return useQuery({
    queryKey: ['groups'],
    queryFn: ({ signal }) => bodyOf(api.GET('/auth/groups', { signal })),
    staleTime: 60_000,
  })
}
