/** What the server is like now, for those who run it. */

import { useQuery } from '@tanstack/react-query'

import { api, dataOf } from './client'

/** Nodes tell their figures every three seconds. */
const EVERY_MS = 4000
const live = { refetchInterval: EVERY_MS, staleTime: 0 }

export function useNodes() {
  return useQuery({ queryKey: ['admin', 'nodes'], queryFn: ({ signal }) => dataOf(api.GET('/admin/nodes', { signal })), ...live })
}

export function useRooms() {
  return useQuery({ queryKey: ['admin', 'rooms'], queryFn: ({ signal }) => dataOf(api.GET('/admin/rooms', { signal })), ...live })
}

export function useServerHealth() {
  return useQuery({ queryKey: ['admin', 'health'], queryFn: ({ signal }) => dataOf(api.GET('/admin/health', { signal })), ...live })
}
