/** Copies of a document of before a restore, which the server keeps apart from it. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { api, dataOf } from './client'
import { ApiError, Unreachable } from './errors'

const LIST = '/collaboration/documents/{document_id}/branches'
const ONE = '/collaboration/documents/{document_id}/branches/{branch_id}'
const MERGE = '/collaboration/documents/{document_id}/branches/{branch_id}/merge'
const keyOf = (document: string) => ['branches', document] as const
const paramsOf = (document_id: string, branch_id: string) => ({ path: { document_id, branch_id } })

/** Those that the caller may see, oldest first. `isLive`: the server can be reached. */
export function useBranches(document: string, isLive: boolean) {
  return useQuery({
    queryKey: keyOf(document),
    queryFn: ({ signal }) => dataOf(api.GET(LIST, { params: { path: { document_id: document } }, signal })),
    enabled: isLive,
  })
}

export function useMergeBranch(document: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (branch: string) => dataOf(api.POST(MERGE, { params: paramsOf(document, branch) })),
    onSettled: () => client.invalidateQueries({ queryKey: keyOf(document) }),
  })
}

export function useDiscardBranch(document: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (branch: string) => api.DELETE(ONE, { params: paramsOf(document, branch) }),
    onSettled: () => client.invalidateQueries({ queryKey: keyOf(document) }),
  })
}

/** Where a browser finds the copy as a file. */
export function addressOf(document: string, branch: string, format: 'update' | 'markdown'): string {
  return `/collaboration/documents/${document}/branches/${branch}/content?format=${format}`
}

/** The whole copy as one Yjs update. */
export function useBranchUpdate(document: string, branch: string) {
  return useQuery({
    queryKey: [...keyOf(document), branch],
    queryFn: ({ signal }) => fetchUpdate(addressOf(document, branch, 'update'), signal),
    staleTime: Infinity,
  })
}

/** Bytes, which the client of the API does not read. */
async function fetchUpdate(address: string, signal: AbortSignal): Promise<Uint8Array> {
  const answer = await fetch(address, { signal, credentials: 'same-origin' }).catch(() => {
    throw new Unreachable()
  })
  if (!answer.ok) throw new ApiError(answer.status, 'unknown', 'The copy cannot be read any more.')
  return new Uint8Array(await answer.arrayBuffer())
}
