/** Data sources, and how they are sampled. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { api, bodyOf, dataOf } from './client'
import type { NewDataSource } from './schema'

export const SOURCES = ['sources'] as const
export const MONITORS = ['monitors'] as const
/** Monitors tell no events of their own: they are looked at again so often. */
const LOOK_MS = 10_000
const pathOf = (data_source_id: number) => ({ params: { path: { data_source_id } } })

export function useSources() {
  return useQuery({ queryKey: SOURCES, queryFn: ({ signal }) => bodyOf(api.GET('/scan/data-sources', { signal })) })
}

export function useSource(id: number) {
  return useQuery({
    queryKey: [...SOURCES, id],
    queryFn: ({ signal }) => bodyOf(api.GET('/scan/data-sources/{data_source_id}', { ...pathOf(id), signal })),
  })
}

export function useCapabilities(id: number) {
  return useQuery({
    queryKey: [...SOURCES, id, 'capabilities'],
    staleTime: 60_000,
    queryFn: ({ signal }) => bodyOf(api.GET('/scan/data-sources/{data_source_id}/capabilities', { ...pathOf(id), signal })),
  })
}

export function useMonitors() {
  return useQuery({
    queryKey: MONITORS,
    refetchInterval: LOOK_MS,
    queryFn: ({ signal }) => dataOf(api.GET('/performance/monitors', { signal })),
  })
}

/** Nothing is saved by it. */
export const useTryNew = () =>
  useMutation({ mutationFn: (body: NewDataSource) => bodyOf(api.POST('/scan/data-sources/test-connection', { body })) })

export const useTrySource = (id: number) =>
  useMutation({ mutationFn: (_: void) => bodyOf(api.POST('/scan/data-sources/{data_source_id}/test-connection', pathOf(id))) })

export const useAddSource = () => useChange((body: NewDataSource) => bodyOf(api.POST('/scan/data-sources', { body })))

export const useRemoveSource = (id: number) =>
  useChange((_: void) => api.DELETE('/scan/data-sources/{data_source_id}', pathOf(id)))

export const useStart = () =>
  useChange(({ id, interval }: { id: number; interval: number }) =>
    dataOf(api.POST('/performance/monitoring/start', { body: { data_source_ids: [id], interval } })),
  )

export const usePause = (id: number) =>
  useChange((_: void) => dataOf(api.POST('/performance/monitoring/pause', { body: { data_source_id: id } })))

function useChange<W, T>(change: (wish: W) => Promise<T>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSettled: () => Promise.all([SOURCES, MONITORS].map((queryKey) => client.invalidateQueries({ queryKey }))),
  })
}
