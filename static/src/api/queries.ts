/** How questions to the server are kept, repeated and paged. */

import { QueryClient, keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'

import { isFinal } from './errors'
import type { Page } from './types'

const PAGE_SIZE = 50

export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (failures, error) => failures < 2 && !isFinal(error),
        retryDelay: (attempt) => 500 * 2 ** attempt,
        // Offline is told by the banner; a question asked then fails soon, and is asked again when the network is back.
        networkMode: 'always',
        refetchOnReconnect: true,
      },
      mutations: { networkMode: 'always', retry: false },
    },
  })
}

interface PagesOptions<T> {
  /** In how many milliseconds it is asked for again, with these rows loaded. */
  refetchInterval?: (rows: readonly T[]) => number | false
}

/** What a page is asked for with: openapi-fetch's options without those of the path. */
export interface PageQuery {
  query: { limit: number; cursor: string | null }
  signal: AbortSignal
}

/** A list that comes in pages: all rows loaded so far, and whether there are more. */
export function usePages<T>(
  key: readonly unknown[],
  fetchPage: (page: PageQuery) => Promise<Page<T>>,
  { refetchInterval }: PagesOptions<T> = {},
) {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => fetchPage({ query: { limit: PAGE_SIZE, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => refetchInterval?.(state.data?.pages.flatMap((page) => page.data) ?? []) ?? false,
  })
  return { ...query, rows: query.data?.pages.flatMap((page) => page.data) ?? [] }
}
