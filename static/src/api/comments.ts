/** Comments on a document, in threads: a thread is its first comment with the replies in it. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { useFeedState } from '../live/context'
import { threadsFollower, type Threads } from '../live/threads'
import { useLiveQuery } from '../live/useLiveQuery'
import { ME } from './auth'
import { request, requestData } from './client'
import type { Comment, Me, Page } from './types'

const PAGE_SIZE = 200
/** Where no events come through (a proxy that takes no sockets), it is asked again this often while it is looked at. */
const EVERY_MS = 30_000

const keyOf = (document: string) => ['comments', document] as const
const pathOf = (document: string) => `/collaboration/documents/${document}`

/** All threads, oldest first, live. `isLive`: the server can be reached. */
export function useThreads(document: string, isLive: boolean) {
  const isFed = useFeedState().link === 'connected'
  const me = useQueryClient().getQueryData<Me | null>(ME)?.id
  const query = useQuery({
    queryKey: keyOf(document),
    queryFn: ({ signal }) => fetchThreads(document, signal),
    enabled: isLive,
    staleTime: 0,
    refetchOnWindowFocus: isFed ? false : 'always',
    refetchInterval: isFed ? false : EVERY_MS,
  })
  useLiveQuery(query.data?.stream?.channel, keyOf(document), query.data, threadsFollower(document, me))
  return { ...query, data: query.data?.threads }
}

/** The position is that of the first page: what came during the others is heard again. */
async function fetchThreads(document: string, signal: AbortSignal): Promise<Threads> {
  const found: Threads = { threads: [], stream: null }
  let cursor: string | null = null
  do {
    const parameters = new URLSearchParams({ limit: String(PAGE_SIZE), ...(cursor === null ? {} : { cursor }) })
    const page: Page<Comment> = await request('GET', `${pathOf(document)}/comments?${parameters}`, undefined, signal)
    found.threads.push(...page.data)
    found.stream ??= page.stream ?? null
    cursor = page.next_cursor ?? null
  } while (cursor !== null)
  return found
}

export interface CommentWish {
  /** Made here: a wish that is sent again makes nothing new. */
  id: string
  content: string
  thread_id?: string
  anchor?: { start: string; end: string }
}

export const useAddComment = (document: string) =>
  useThreadChange(document, (wish: CommentWish) => requestData<Comment>('POST', `${pathOf(document)}/comments`, wish))

export const useEditComment = (document: string) =>
  useThreadChange(document, ({ id, content }: { id: string; content: string }) =>
    requestData<Comment>('PATCH', `${pathOf(document)}/comments/${id}`, { content }),
  )

export const useDeleteComment = (document: string) =>
  useThreadChange(document, (id: string) => request('DELETE', `${pathOf(document)}/comments/${id}`))

/** Put an emoji under a comment, or take the own one back. */
export const useReact = (document: string) =>
  useThreadChange(document, ({ id, emoji, mine }: { id: string; emoji: string; mine: boolean }) => {
    const path = `${pathOf(document)}/comments/${id}/reactions`
    return mine ? request('DELETE', `${path}/${encodeURIComponent(emoji)}`) : request('POST', path, { emoji })
  })

export const useSettle = (document: string) =>
  useThreadChange(document, ({ id, resolved }: { id: string; resolved: boolean }) =>
    request('POST', `${pathOf(document)}/threads/${id}/${resolved ? 'resolve' : 'reopen'}`),
  )

/** Done when the threads show it. */
function useThreadChange<W, T>(document: string, change: (wish: W) => Promise<T>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSettled: () => client.invalidateQueries({ queryKey: keyOf(document) }),
  })
}

/** 32 hex digits at random. (`crypto.randomUUID` is not there on a page without TLS.) */
export function newId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
