/** Thresholds, alerts and silences. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { api, bodyOf, dataOf } from './client'
import { usePages } from './queries'
import type { NewSilence, NewThreshold, PerfAlert, ThresholdChanges } from './schema'

export const ALERTS = ['alerts'] as const
export const THRESHOLDS = ['thresholds'] as const
export const SILENCES = ['silences'] as const
export type AlertStatus = PerfAlert['status'] | ''
export type AlertSeverity = PerfAlert['severity'] | ''
const alertPath = (alert_id: number) => ({ params: { path: { alert_id } } })

export interface AlertQuery {
  status?: AlertStatus
  severity?: AlertSeverity
  days?: number
  data_source_id?: number
}

export function useAlerts(wanted: AlertQuery) {
  return usePages([...ALERTS, wanted], ({ query, signal }) =>
    bodyOf(api.GET('/performance/alerts', { params: { query: { ...query, ...wanted } }, signal })),
  )
}

export function useAlert(id: number) {
  return useQuery({
    queryKey: [...ALERTS, id],
    queryFn: ({ signal }) => dataOf(api.GET('/performance/alerts/{alert_id}', { ...alertPath(id), signal })),
  })
}

export const useAcknowledge = (id: number) =>
  useChange((comments: string) => api.POST('/performance/alerts/{alert_id}/acknowledge', { ...alertPath(id), body: { comments } }))

export const useResolve = (id: number) =>
  useChange((resolution: string) => api.POST('/performance/alerts/{alert_id}/resolve', { ...alertPath(id), body: { resolution } }))

export const useReopen = (id: number) =>
  useChange((comments: string) => api.POST('/performance/alerts/{alert_id}/reopen', { ...alertPath(id), body: { comments } }))

export function useThresholds(data_source_id: number) {
  return useQuery({
    queryKey: [...THRESHOLDS, data_source_id],
    queryFn: ({ signal }) => dataOf(api.GET('/performance/thresholds', { params: { query: { data_source_id } }, signal })),
  })
}

export const useAddThreshold = () => useChange((body: NewThreshold) => api.POST('/performance/thresholds', { body }))

export const useChangeThreshold = (threshold_id: number) =>
  useChange((body: ThresholdChanges) => api.PATCH('/performance/thresholds/{threshold_id}', { params: { path: { threshold_id } }, body }))

export const useRemoveThreshold = (threshold_id: number) =>
  useChange((_: void) => api.DELETE('/performance/thresholds/{threshold_id}', { params: { path: { threshold_id } } }))

export function useSilences() {
  return useQuery({ queryKey: SILENCES, queryFn: ({ signal }) => dataOf(api.GET('/performance/silences', { signal })) })
}

export const useSilence = () => useChange((body: NewSilence) => api.POST('/performance/silences', { body }))

export const useEndSilence = (silence_id: string) =>
  useChange((_: void) => api.DELETE('/performance/silences/{silence_id}', { params: { path: { silence_id } } }))

function useChange<W, T>(change: (wish: W) => Promise<T>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSettled: () => Promise.all([ALERTS, THRESHOLDS, SILENCES, ['figures']].map((queryKey) => client.invalidateQueries({ queryKey }))),
  })
}
