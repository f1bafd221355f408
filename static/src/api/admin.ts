/** What the server is like now, for those who run it, and what they do to it. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { api, dataOf } from './client'

/** Nodes tell their figures every three seconds. */
const EVERY_MS = 4000
const live = { refetchInterval: EVERY_MS, staleTime: 0 }

/** Of one user, or with one document open; `name` is for people. */
export interface ConnectionFilter {
  user?: string
  document?: string
  name: string
}

export function useNodes() {
  return useQuery({ queryKey: ['admin', 'nodes'], queryFn: ({ signal }) => dataOf(api.GET('/admin/nodes', { signal })), ...live })
}

export function useConnections(filter: ConnectionFilter | null) {
  const query = filter?.user ? { user: filter.user } : filter?.document ? { document: filter.document } : {}
  return useQuery({
    queryKey: ['admin', 'connections', query],
    queryFn: ({ signal }) => dataOf(api.GET('/admin/connections', { params: { query }, signal })),
    ...live,
  })
}

export function useRooms() {
  return useQuery({ queryKey: ['admin', 'rooms'], queryFn: ({ signal }) => dataOf(api.GET('/admin/rooms', { signal })), ...live })
}

export function useQuarantine() {
  return useQuery({ queryKey: ['admin', 'quarantine'], queryFn: ({ signal }) => dataOf(api.GET('/admin/quarantine', { signal })), ...live })
}

export function useServerHealth() {
  return useQuery({ queryKey: ['admin', 'health'], queryFn: ({ signal }) => dataOf(api.GET('/admin/health', { signal })), ...live })
}

export const useCloseConnection = (connection_id: string) =>
  useChange((reason: string) =>
    api.POST('/admin/connections/{connection_id}/close', { params: { path: { connection_id } }, body: bodyOf(reason) }),
  )

export const useDisconnect = (user_id: string) =>
  useChange((reason: string) => api.POST('/admin/users/{user_id}/disconnect', { params: { path: { user_id } }, body: bodyOf(reason) }))

export const useSnapshot = (document_id: string) =>
  useChange((_: void) => dataOf(api.POST('/admin/rooms/{document_id}/snapshot', { params: { path: { document_id } } })))

export const useRelease = (document_id: string, position: number) =>
  useChange((_: void) => api.POST('/admin/quarantine/{document_id}/{position}/release', { params: { path: { document_id, position } } }))

/** Without a reason of one's own the server says the usual one. */
const bodyOf = (reason: string) => (reason ? { reason } : {})

function useChange<W, T>(change: (wish: W) => Promise<T>) {
  const client = useQueryClient()
  return useMutation({ mutationFn: change, onSettled: () => client.invalidateQueries({ queryKey: ['admin'] }) })
}
