/** Comments on a document, in threads: a thread is its first comment with the replies in it. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { request, requestData } from './client'
import type { Comment, Page } from './types'

const PAGE_SIZE = 200
/** Others write too: asked again this often while the page is looked at, and whenever it is looked at again. */
const EVERY_MS = 30_000

const keyOf = (document: string) => ['comments', document] as const
const pathOf = (document: string) => `/collaboration/documents/${document}`

/** All threads, oldest first. `isLive`: the server can be reached. */
export function useThreads(document: string, isLive: boolean) {
  return useQuery({
    queryKey: keyOf(document),
    queryFn: ({ signal }) => fetchThreads(document, signal),
    enabled: isLive,
    staleTime: 0,
    refetchOnWindowFocus: 'always',
    refetchInterval: EVERY_MS,
  })
}

async function fetchThreads(document: string, signal: AbortSignal): Promise<Comment[]> {
  const threads: Comment[] = []
  let cursor: string | null = null
  do {
    const parameters = new URLSearchParams({ limit: String(PAGE_SIZE), ...(cursor === null ? {} : { cursor }) })
    const page: Page<Comment> = await request('GET', `${pathOf(document)}/comments?${parameters}`, undefined, signal)
    threads.push(...page.data)
    cursor = page.next_cursor ?? null
  } while (cursor !== null)
  return threads
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
