/** The devices that get a push message when one is not here. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { api, bodyOf, dataOf } from './client'
import type { NewSubscription } from './schema'

const PUSH = ['push'] as const

export function usePush() {
  return useQuery({ queryKey: PUSH, queryFn: ({ signal }) => fetchPush(signal), refetchOnWindowFocus: 'always' })
}

export const fetchPush = (signal: AbortSignal | null = null) => dataOf(api.GET('/notifications/push', { signal }))

/** What a browser tells of its subscription, in the server's words; `device` is how its person calls it. */
export function addDevice(subscription: PushSubscriptionJSON, device?: string) {
  const body = { ...subscription, ...(device === undefined ? {} : { device }) } as NewSubscription
  return dataOf(api.POST('/notifications/push/subscriptions', { body }))
}

export const useAddDevice = () =>
  usePushChange(({ subscription, device }: { subscription: PushSubscriptionJSON; device: string }) => addDevice(subscription, device))

export const useRemoveDevice = () => usePushChange((subscription_id: string) =>
    bodyOf(api.DELETE('/notifications/push/subscriptions/{subscription_id}', { params: { path: { subscription_id } } })),
  )

export const useTestPush = () => usePushChange((_: void) => bodyOf(api.POST('/notifications/push/test')))

function usePushChange<W, T>(change: (wish: W) => Promise<T>) {
  const client = useQueryClient()
  return useMutation({ mutationFn: change, onSettled: () => client.invalidateQueries({ queryKey: PUSH }) })
}
