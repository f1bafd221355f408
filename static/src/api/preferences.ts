/** What one wants to be told of: in general, and by one document. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { shownChannels, type Preferences, type SubscriptionLevel } from '../inbox/preferences'
import { requestData } from './client'

const PREFERENCES = ['preferences'] as const
const PATH = '/notifications/preferences'

export function usePreferences() {
  return useQuery({ queryKey: PREFERENCES, queryFn: ({ signal }) => requestData<Preferences>('GET', PATH, undefined, signal) })
}

/** By what this server can tell somebody. */
export function useChannels() {
  return useQuery({
    queryKey: ['channels'],
    queryFn: async ({ signal }) => shownChannels(await requestData<string[]>('GET', '/notifications/channels', undefined, signal)),
  })
}

export function useSavePreferences() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (preferences: Preferences) => requestData<Preferences>('PUT', PATH, preferences),
    onSuccess: (saved) => client.setQueryData(PREFERENCES, saved),
  })
}

const keyOf = (document: string) => ['subscription', document] as const
const pathOf = (document: string) => `/collaboration/documents/${document}/subscription`

export function useSubscription(document: string, isLive: boolean) {
  return useQuery({
    queryKey: keyOf(document),
    queryFn: ({ signal }) => requestData<{ level: SubscriptionLevel }>('GET', pathOf(document), undefined, signal),
    enabled: isLive,
    staleTime: 60_000,
  })
}

export function useSubscribe(document: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (level: SubscriptionLevel) => requestData<{ level: SubscriptionLevel }>('PUT', pathOf(document), { level }),
    onSuccess: (saved) => client.setQueryData(keyOf(document), saved),
  })
}
