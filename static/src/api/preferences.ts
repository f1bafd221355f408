/** What one wants to be told of: in general, and by one document. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { shownChannels } from '../inbox/preferences'
import { api, dataOf } from './client'
import type { Preferences, SubscriptionLevel } from './types'

const PREFERENCES = ['preferences'] as const

export function usePreferences() {
  return useQuery({ queryKey: PREFERENCES, queryFn: ({ signal }) => fetchPreferences(signal) })
}

const fetchPreferences = (signal: AbortSignal) => dataOf(api.GET('/notifications/preferences', { signal })) as Promise<Preferences>

/** By what this server can tell somebody. */
export function useChannels() {
  return useQuery({
    queryKey: ['channels'],
    queryFn: async ({ signal }) => shownChannels(await dataOf(api.GET('/notifications/channels', { signal }))),
  })
}

export function useSavePreferences() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: Preferences) => dataOf(api.PUT('/notifications/preferences', { body })) as Promise<Preferences>,
    onSuccess: (saved) => client.setQueryData(PREFERENCES, saved),
  })
}

const keyOf = (document: string) => ['subscription', document] as const
const PATH = '/collaboration/documents/{document_id}/subscription'
const paramsOf = (document_id: string) => ({ path: { document_id } })

export function useSubscription(document: string, isLive: boolean) {
  return useQuery({
    queryKey: keyOf(document),
    queryFn: ({ signal }) => dataOf(api.GET(PATH, { params: paramsOf(document), signal })),
    enabled: isLive,
    staleTime: 60_000,
  })
}

export function useSubscribe(document: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (level: SubscriptionLevel) => dataOf(api.PUT(PATH, { params: paramsOf(document), body: { level } })),
    onSuccess: (saved) => client.setQueryData(keyOf(document), saved),
  })
}
