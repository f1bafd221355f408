/** Documents: their heads. What is in them travels over the socket. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { documentsFollower } from '../live/documents'
import { useLiveQuery } from '../live/useLiveQuery'
import { request, requestData } from './client'
import { usePages } from './queries'
import type { DocumentType, SharedDocument } from './types'

const listKey = (workspace: string) => ['documents', workspace] as const
export const documentKey = (id: string) => ['document', id] as const

export function useDocuments(workspace: string) {
  const query = usePages<SharedDocument>(listKey(workspace), `/collaboration/workspaces/${workspace}/documents`)
  useLiveQuery(`workspace:${workspace}`, listKey(workspace), query.data, documentsFollower)
  return query
}

export function useDocument(id: string) {
  return useQuery({
    queryKey: documentKey(id),
    queryFn: ({ signal }) => requestData<SharedDocument>('GET', `/collaboration/documents/${id}`, undefined, signal),
  })
}

export interface DocumentWish {
  title: string
  type: DocumentType
  content?: string
  content_format?: 'text' | 'markdown'
}

export function useCreateDocument(workspace: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (wish: DocumentWish) =>
      requestData<SharedDocument>('POST', `/collaboration/workspaces/${workspace}/documents`, wish),
    onSuccess: () => client.invalidateQueries({ queryKey: listKey(workspace) }),
  })
}

export interface DocumentChange {
  id: string
  title?: string
  type?: DocumentType
}

export function useChangeDocument() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, ...changes }: DocumentChange) =>
      requestData<SharedDocument>('PATCH', `/collaboration/documents/${id}`, changes),
    onSuccess: (document) => {
      client.setQueryData(documentKey(document.id), document)
      return client.invalidateQueries({ queryKey: listKey(document.workspace_id) })
    },
  })
}

export function useDeleteDocument(workspace: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => request('DELETE', `/collaboration/documents/${id}`),
    onSuccess: () => client.invalidateQueries({ queryKey: listKey(workspace) }),
  })
}

export function useRestoreDocument(workspace: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => request('POST', `/collaboration/documents/${id}/restore`),
    onSuccess: () => client.invalidateQueries({ queryKey: listKey(workspace) }),
  })
}
