/** Comments on a document, in threads: a thread is its first comment with the replies in it. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { useFeedState } from '../live/context'
import { threadsFollower, type Threads } from '../live/threads'
import { useLiveQuery } from '../live/useLiveQuery'
import { ME } from './auth'
import { api, bodyOf, dataOf } from './client'
import type { NewComment } from './schema'
import type { Me } from './types'

const PAGE_SIZE = 200
/** Where no events come through (a proxy that takes no sockets), it is asked again this often while it is looked at. */
const EVERY_MS = 30_000

const keyOf = (document: string) => ['comments', document] as const
const LIST = '/collaboration/documents/{document_id}/comments'
const ONE = '/collaboration/documents/{document_id}/comments/{comment_id}'
const REACTIONS = '/collaboration/documents/{document_id}/comments/{comment_id}/reactions'
const REACTION = '/collaboration/documents/{document_id}/comments/{comment_id}/reactions/{emoji}'
const RESOLVE = '/collaboration/documents/{document_id}/threads/{thread_id}/resolve'
const REOPEN = '/collaboration/documents/{document_id}/threads/{thread_id}/reopen'
const paramsOf = (document_id: string, comment_id: string) => ({ path: { document_id, comment_id } })

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
    const query: { limit: number; cursor: string | null } = { limit: PAGE_SIZE, cursor }
    const page = await bodyOf(api.GET(LIST, { params: { path: { document_id: document }, query }, signal }))
    found.threads.push(...page.data)
    found.stream ??= page.stream
    cursor = page.next_cursor
  } while (cursor !== null)
  return found
}

/** The id is made here: a wish that is sent again makes nothing new. */
export type CommentWish = NewComment & { id: string }

export const useAddComment = (document: string) =>
  useThreadChange(document, (body: CommentWish) => dataOf(api.POST(LIST, { params: { path: { document_id: document } }, body })))

export const useEditComment = (document: string) =>
  useThreadChange(document, ({ id, content }: { id: string; content: string }) =>
    dataOf(api.PATCH(ONE, { params: paramsOf(document, id), body: { content } })),
  )

export const useDeleteComment = (document: string) =>
  useThreadChange(document, (id: string) => bodyOf(api.DELETE(ONE, { params: paramsOf(document, id) })))

/** Put an emoji under a comment, or take the own one back. */
export const useReact = (document: string) =>
  useThreadChange(document, async ({ id, emoji, mine }: { id: string; emoji: string; mine: boolean }) => {
    if (mine) await api.DELETE(REACTION, { params: { path: { document_id: document, comment_id: id, emoji } } })
    else await api.POST(REACTIONS, { params: paramsOf(document, id), body: { emoji } })
  })

export const useSettle = (document: string) =>
  useThreadChange(document, ({ id, resolved }: { id: string; resolved: boolean }) => {
    const options = { params: { path: { document_id: document, thread_id: id } } }
    return resolved ? bodyOf(api.POST(RESOLVE, options)) : bodyOf(api.POST(REOPEN, options))
  })

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
