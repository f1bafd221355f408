/** Advice, and what it rests on. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { api, dataOf } from './client'

export const ADVICE = ['advice'] as const

export function useAdvice(data_source_id: number) {
  return useQuery({
    queryKey: [...ADVICE, data_source_id],
    queryFn: ({ signal }) => dataOf(api.GET('/performance/optimization/recommendations', { params: { query: { data_source_id } }, signal })),
  })
}

export function useDismiss(recommendation_id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (reason: string) =>
      api.POST('/performance/optimization/recommendations/{recommendation_id}/dismiss', { params: { path: { recommendation_id } }, body: { reason } }),
    onSettled: () => client.invalidateQueries({ queryKey: ADVICE }),
  })
}
