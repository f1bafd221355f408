/** Figures of now, and charts. */

import { keepPreviousData, useQuery } from '@tanstack/react-query'

import { api, bodyOf, dataOf } from './client'
import type { SeriesReply } from './schema'

export type TimeRange = '1h' | '6h' | '24h' | '7d' | '30d' | '90d' | '1y'
export const TIME_RANGES: Record<TimeRange, string> = {
  '1h': 'Last hour',
  '6h': 'Last 6 hours',
  '24h': 'Last day',
  '7d': 'Last 7 days',
  '30d': 'Last 30 days',
  '90d': 'Last 90 days',
  '1y': 'Last year',
}
/** Samples come live; what they do not tell (means, thresholds that were changed) is looked at again so often. */
const LOOK_MS = 60_000

export const figuresKey = (id: number, range: TimeRange) => ['figures', id, range] as const
export const chartsKey = (id: number, range: TimeRange) => ['charts', id, range] as const

export function useFigures(id: number, time_range: TimeRange) {
  return useQuery({
    queryKey: figuresKey(id, time_range),
    refetchInterval: LOOK_MS,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      bodyOf(api.GET('/performance/metrics/{data_source_id}', { params: { path: { data_source_id: id }, query: { time_range } }, signal })),
  })
}

export function useCharts(id: number, time_range: TimeRange) {
  return useQuery({
    queryKey: chartsKey(id, time_range),
    refetchInterval: LOOK_MS,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      // The client's own types forget that a point is five numbers.
      dataOf(
        api.GET('/performance/metrics/{data_source_id}/series', { params: { path: { data_source_id: id }, query: { time_range } }, signal }),
      ) as unknown as Promise<SeriesReply>,
  })
}
