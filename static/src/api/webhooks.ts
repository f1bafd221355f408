/** Webhooks: addresses that are sent events, and what became of each delivery. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { api, bodyOf, dataOf } from './client'
import { usePages } from './queries'
import type { NewWebhook, WebhookChanges } from './schema'

const WEBHOOKS = ['webhooks'] as const
const paramsOf = (webhook_id: string) => ({ path: { webhook_id } })
/** The log is looked at again so often: while something is on its way, and otherwise. */
const PENDING_MS = 3000
const QUIET_MS = 30_000

/** What its form has. */
export type WebhookWish = Required<Pick<NewWebhook, 'url' | 'description' | 'types'>>

export function useWebhooks() {
  return useQuery({ queryKey: WEBHOOKS, queryFn: ({ signal }) => dataOf(api.GET('/webhooks', { signal })) })
}

export function useWebhook(id: string) {
  return useQuery({
    queryKey: [...WEBHOOKS, id],
    queryFn: ({ signal }) => dataOf(api.GET('/webhooks/{webhook_id}', { params: paramsOf(id), signal })),
  })
}

export function useDeliveries(id: string) {
  return usePages(
    [...WEBHOOKS, id, 'deliveries'],
    ({ query, signal }) => bodyOf(api.GET('/webhooks/{webhook_id}/deliveries', { params: { ...paramsOf(id), query }, signal })),
    { refetchInterval: (rows) => (rows.some((each) => each.state === 'pending') ? PENDING_MS : QUIET_MS) },
  )
}

export const useCreateWebhook = () => useChange((body: NewWebhook) => dataOf(api.POST('/webhooks', { body })))

export const useChangeWebhook = (id: string) =>
  useChange((body: WebhookChanges) => dataOf(api.PATCH('/webhooks/{webhook_id}', { params: paramsOf(id), body })))

/** What is asked for again at once is not the webhook that is gone: its page would say that there is none. */
export function useDeleteWebhook(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (_: void) => api.DELETE('/webhooks/{webhook_id}', { params: paramsOf(id) }),
    onSuccess: () => client.invalidateQueries({ queryKey: WEBHOOKS, refetchType: 'none' }),
  })
}

/** A new secret; the former one signs too for `overlap_hours`. */
export const useRotate = (id: string) =>
  useChange((overlap_hours: number) =>
    dataOf(api.POST('/webhooks/{webhook_id}/rotate', { params: paramsOf(id), body: { overlap_hours } })),
  )

export const useTestWebhook = (id: string) => useChange((_: void) => api.POST('/webhooks/{webhook_id}/test', { params: paramsOf(id) }))

export const useReplay = (id: string) => useChange((delivery_id: string) =>
    api.POST('/webhooks/{webhook_id}/deliveries/{delivery_id}/replay', { params: { path: { webhook_id: id, delivery_id } } }),
  )

function useChange<W, T>(change: (wish: W) => Promise<T>) {
  const client = useQueryClient()
  return useMutation({ mutationFn: change, onSettled: () => client.invalidateQueries({ queryKey: WEBHOOKS }) })
}
