/** Webhooks: addresses that are sent events, and what became of each delivery. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { request, requestData } from './client'
import { usePages } from './queries'

const WEBHOOKS = ['webhooks'] as const
const PATH = '/webhooks'
/** The log is looked at again so often: while something is on its way, and otherwise. */
const PENDING_MS = 3000
const QUIET_MS = 30_000

export interface Webhook {
  id: string
  url: string
  description: string
  /** Types of events; `*` stands for any part of one. */
  types: string[]
  /** Null: of all that its owner may see in the organisation. */
  workspace_id: string | null
  owner_id: string
  enabled: boolean
  disabled_at: string | null
  disabled_why: string | null
  former_secret_until: string | null
  delivered_at: string | null
  created_at: string
}

export interface WebhookWithSecret extends Webhook {
  /** Told once. */
  secret: string
}

export interface Attempt {
  number: number
  at: string
  seconds: number
  /** Null: no answer came. */
  status: number | null
  why: string | null
}

export interface Delivery {
  id: string
  event_id: string
  event_type: string
  state: 'pending' | 'delivered' | 'failed' | 'withheld'
  replay: number
  created_at: string
  next_try_at: string | null
  ended_at: string | null
  attempts: Attempt[]
}

export interface WebhookWish {
  url: string
  description: string
  types: string[]
}

export function useWebhooks() {
  return useQuery({ queryKey: WEBHOOKS, queryFn: ({ signal }) => requestData<Webhook[]>('GET', PATH, undefined, signal) })
}

export function useWebhook(id: string) {
  return useQuery({ queryKey: [...WEBHOOKS, id], queryFn: ({ signal }) => requestData<Webhook>('GET', `${PATH}/${id}`, undefined, signal) })
}

export function useDeliveries(id: string) {
  return usePages<Delivery>([...WEBHOOKS, id, 'deliveries'], `${PATH}/${id}/deliveries`, {
    refetchInterval: (rows) => (rows.some((each) => each.state === 'pending') ? PENDING_MS : QUIET_MS),
  })
}

export const useCreateWebhook = () => useChange((wish: WebhookWish) => requestData<WebhookWithSecret>('POST', PATH, wish))

export const useChangeWebhook = (id: string) =>
  useChange((changes: Partial<WebhookWish> & { enabled?: boolean }) => requestData<Webhook>('PATCH', `${PATH}/${id}`, changes))

/** What is asked for again at once is not the webhook that is gone: its page would say that there is none. */
export function useDeleteWebhook(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (_: void) => request('DELETE', `${PATH}/${id}`),
    onSuccess: () => client.invalidateQueries({ queryKey: WEBHOOKS, refetchType: 'none' }),
  })
}

/** A new secret; the former one signs too for `overlap_hours`. */
export const useRotate = (id: string) =>
  useChange((overlap_hours: number) => requestData<WebhookWithSecret>('POST', `${PATH}/${id}/rotate`, { overlap_hours }))

export const useTestWebhook = (id: string) => useChange((_: void) => request('POST', `${PATH}/${id}/test`))

export const useReplay = (id: string) => useChange((delivery: string) => request('POST', `${PATH}/${id}/deliveries/${delivery}/replay`))

function useChange<W, T>(change: (wish: W) => Promise<T>) {
  const client = useQueryClient()
  return useMutation({ mutationFn: change, onSettled: () => client.invalidateQueries({ queryKey: WEBHOOKS }) })
}
