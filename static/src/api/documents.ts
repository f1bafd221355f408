/** Documents: their heads. What is in them travels over the socket. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { documentsFollower } from '../live/documents'
import { useLiveQuery } from '../live/useLiveQuery'
import { api, bodyOf, dataOf } from './client'
import { usePages } from './queries'
import type { DocumentChanges, NewDocument } from './schema'

const LIST = '/collaboration/workspaces/{workspace_id}/documents'
const ONE = '/collaboration/documents/{document_id}'
const inWorkspace = (workspace_id: string) => ({ path: { workspace_id } })
const paramsOf = (document_id: string) => ({ path: { document_id } })

const listKey = (workspace: string) => ['documents', workspace] as const
export const documentKey = (id: string) => ['document', id] as const

export function useDocuments(workspace: string) {
  const query = usePages(listKey(workspace), ({ query, signal }) =>
    bodyOf(api.GET(LIST, { params: { ...inWorkspace(workspace), query }, signal })),
  )
  useLiveQuery(`workspace:${workspace}`, listKey(workspace), query.data, documentsFollower)
  return query
}

export function useDocument(id: string) {
  return useQuery({
    queryKey: documentKey(id),
    queryFn: ({ signal }) => dataOf(api.GET(ONE, { params: paramsOf(id), signal })),
  })
}

export function useCreateDocument(workspace: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: NewDocument) => dataOf(api.POST(LIST, { params: inWorkspace(workspace), body })),
    onSuccess: () => client.invalidateQueries({ queryKey: listKey(workspace) }),
  })
}

export function useChangeDocument() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, ...body }: DocumentChanges & { id: string }) => dataOf(api.PATCH(ONE, { params: paramsOf(id), body })),
    onSuccess: (document) => {
      client.setQueryData(documentKey(document.id), document)
      return client.invalidateQueries({ queryKey: listKey(document.workspace_id) })
    },
  })
}

export function useDeleteDocument(workspace: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => api.DELETE(ONE, { params: paramsOf(id) }),
    onSuccess: () => client.invalidateQueries({ queryKey: listKey(workspace) }),
  })
}

export function useRestoreDocument(workspace: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => api.POST('/collaboration/documents/{document_id}/restore', { params: paramsOf(id) }),
    onSuccess: () => client.invalidateQueries({ queryKey: listKey(workspace) }),
  })
}
