/** Workspaces and who is in them. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { reloadOn } from '../live/lists'
import { useLiveQuery } from '../live/useLiveQuery'
import { workspaceFollower, type LiveWorkspace } from '../live/workspace'
import { useMe } from './auth'
import { request, requestData } from './client'
import { usePages } from './queries'
import type { Member, Workspace, WorkspaceRole, WorkspaceType } from './types'

const WORKSPACES = ['workspaces'] as const
const PATH = '/collaboration/workspaces'

export const workspaceKey = (id: string) => ['workspace', id] as const

export function useWorkspaces() {
  const me = useMe().data?.id
  const query = usePages<Workspace>(WORKSPACES, PATH)
  useLiveQuery(me && `user:${me}`, WORKSPACES, query.data, MEMBERSHIPS)
  return query
}

const MEMBERSHIPS = reloadOn<Workspace>(/^counterpoint\.membership\./)

/** Live: who is in it, and what it is called. */
export function useWorkspace(id: string | undefined) {
  const me = useMe().data?.id
  const query = useQuery({
    queryKey: workspaceKey(id ?? ''),
    queryFn: ({ signal }) => request<LiveWorkspace>('GET', `${PATH}/${id}`, undefined, signal),
    enabled: id !== undefined,
  })
  useLiveQuery(id && `workspace:${id}`, workspaceKey(id ?? ''), query.data, workspaceFollower(me))
  return { ...query, data: query.data?.data }
}

export interface WorkspaceWish {
  name: string
  type: WorkspaceType
  description: string
}

export function useCreateWorkspace() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (wish: WorkspaceWish) => requestData<Workspace>('POST', PATH, wish),
    onSuccess: () => refresh(),
  })
}

export function useChangeWorkspace(id: string) {
  const refresh = useRefresh(id)
  return useMutation({
    mutationFn: (changes: Partial<WorkspaceWish>) => requestData<Workspace>('PATCH', `${PATH}/${id}`, changes),
    onSuccess: () => refresh(),
  })
}

export function useDeleteWorkspace() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (id: string) => request('DELETE', `${PATH}/${id}`),
    onSuccess: () => refresh(),
  })
}

export function useRestoreWorkspace() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (id: string) => request('POST', `${PATH}/${id}/restore`),
    onSuccess: () => refresh(),
  })
}

export function useAddMember(workspace: string) {
  const refresh = useRefresh(workspace)
  return useMutation({
    mutationFn: (member: { email: string; role: WorkspaceRole }) =>
      requestData<Member>('POST', `${PATH}/${workspace}/members`, member),
    onSuccess: () => refresh(),
  })
}

export function useChangeMember(workspace: string) {
  const refresh = useRefresh(workspace)
  return useMutation({
    mutationFn: ({ user, role }: { user: string; role: WorkspaceRole }) =>
      requestData<Member>('PUT', `${PATH}/${workspace}/members/${user}`, { role }),
    onSettled: () => refresh(),
  })
}

export function useRemoveMember(workspace: string) {
  const refresh = useRefresh(workspace)
  return useMutation({
    mutationFn: (user: string) => request('DELETE', `${PATH}/${workspace}/members/${user}`),
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
