/** Workspaces and who is in them. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { reloadOn } from '../live/lists'
import { useLiveQuery } from '../live/useLiveQuery'
import { workspaceFollower } from '../live/workspace'
import { useMe } from './auth'
import { api, bodyOf, dataOf } from './client'
import { usePages } from './queries'
import type { NewMember, NewWorkspace, WorkspaceChanges } from './schema'
import type { Workspace, WorkspaceRole } from './types'

const WORKSPACES = ['workspaces'] as const
const LIST = '/collaboration/workspaces'
const ONE = '/collaboration/workspaces/{workspace_id}'
const MEMBERS = '/collaboration/workspaces/{workspace_id}/members'
const MEMBER = '/collaboration/workspaces/{workspace_id}/members/{user_id}'
const paramsOf = (workspace_id: string) => ({ path: { workspace_id } })

export const workspaceKey = (id: string) => ['workspace', id] as const

export function useWorkspaces() {
  const me = useMe().data?.id
  const query = usePages(WORKSPACES, ({ query, signal }) => bodyOf(api.GET(LIST, { params: { query }, signal })))
  useLiveQuery(me && `user:${me}`, WORKSPACES, query.data, MEMBERSHIPS)
  return query
}

const MEMBERSHIPS = reloadOn<Workspace>(/^counterpoint\.membership\./)

/** Live: who is in it, and what it is called. */
export function useWorkspace(id: string | undefined) {
  const me = useMe().data?.id
  const query = useQuery({
    queryKey: workspaceKey(id ?? ''),
    queryFn: ({ signal }) => bodyOf(api.GET(ONE, { params: paramsOf(id!), signal })),
    enabled: id !== undefined,
  })
  useLiveQuery(id && `workspace:${id}`, workspaceKey(id ?? ''), query.data, workspaceFollower(me))
  return { ...query, data: query.data?.data }
}

/** What its form has. */
export type WorkspaceWish = Required<Pick<NewWorkspace, 'name' | 'type' | 'description'>>

export function useCreateWorkspace() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (body: NewWorkspace) => dataOf(api.POST(LIST, { body })),
    onSuccess: () => refresh(),
  })
}

export function useChangeWorkspace(id: string) {
  const refresh = useRefresh(id)
  return useMutation({
    mutationFn: (body: WorkspaceChanges) => dataOf(api.PATCH(ONE, { params: paramsOf(id), body })),
    onSuccess: () => refresh(),
  })
}

export function useDeleteWorkspace() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (id: string) => api.DELETE(ONE, { params: paramsOf(id) }),
    onSuccess: () => refresh(),
  })
}

export function useRestoreWorkspace() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (id: string) => api.POST('/collaboration/workspaces/{workspace_id}/restore', { params: paramsOf(id) }),
    onSuccess: () => refresh(),
  })
}

export function useAddMember(workspace: string) {
  const refresh = useRefresh(workspace)
  return useMutation({
    mutationFn: (body: NewMember) => dataOf(api.POST(MEMBERS, { params: paramsOf(workspace), body })),
    onSuccess: () => refresh(),
  })
}

export function useChangeMember(workspace: string) {
  const refresh = useRefresh(workspace)
  return useMutation({
    mutationFn: ({ user, role }: { user: string; role: WorkspaceRole }) =>
      dataOf(api.PUT(MEMBER, { params: { path: { workspace_id: workspace, user_id: user } }, body: { role } })),
    onSettled: () => refresh(),
  })
}

export function useRemoveMember(workspace: string) {
  const refresh = useRefresh(workspace)
  return useMutation({
    mutationFn: (user_id: string) => api.DELETE(MEMBER, { params: { path: { workspace_id: workspace, user_id } } }),
    onSettled: () => refresh(),
  })
}

function useRefresh(id?: string) {
  const client = useQueryClient()
  return async () => {
    await Promise.all([
      client.invalidateQueries({ queryKey: WORKSPACES }),
      id === undefined ? undefined : client.invalidateQueries({ queryKey: workspaceKey(id) }),
    ])
  }
}
