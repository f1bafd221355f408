/** The devices that get a push message when one is not here. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { request, requestData } from './client'

const PUSH = ['push'] as const
const PATH = '/notifications/push'

export interface PushDevice {
  id: string
  device: string
  endpoint_hash: string
  created_at: string
  last_sent_at: string | null
  last_error: string | null
}

export interface Push {
  /** The server's VAPID key: base64url of an uncompressed point. */
  public_key: string
  subscriptions: PushDevice[]
}

export function usePush() {
  return useQuery({ queryKey: PUSH, queryFn: ({ signal }) => requestData<Push>('GET', PATH, undefined, signal), refetchOnWindowFocus: 'always' })
}

export type DeviceWish = PushSubscriptionJSON & { device: string }

export const useAddDevice = () => usePushChange((wish: DeviceWish) => requestData<PushDevice>('POST', `${PATH}/subscriptions`, wish))

export const useRemoveDevice = () => usePushChange((id: string) => request('DELETE', `${PATH}/subscriptions/${id}`))

export const useTestPush = () => usePushChange((_: void) => request('POST', `${PATH}/test`))

function usePushChange<W, T>(change: (wish: W) => Promise<T>) {
  const client = useQueryClient()
  return useMutation({ mutationFn: change, onSettled: () => client.invalidateQueries({ queryKey: PUSH }) })
}
