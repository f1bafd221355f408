/** Invitations into a workspace: for those who invite, and for who holds a link. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { reloadOn } from '../live/lists'
import { useLiveQuery } from '../live/useLiveQuery'
import { request, requestData } from './client'
import { usePages } from './queries'
import type { Invitation, ReceivedInvitation, SentInvitation, WorkspaceRole } from './types'

const keyOf = (workspace: string) => ['invitations', workspace] as const
const pathOf = (workspace: string) => `/collaboration/workspaces/${workspace}`

/** Those that are open, or can be sent again; the newest first. */
export function useInvitations(workspace: string) {
  const query = usePages<Invitation>(keyOf(workspace), `${pathOf(workspace)}/invitations`)
  useLiveQuery(`workspace:${workspace}`, keyOf(workspace), query.data, CHANGES)
  return query
}

const CHANGES = reloadOn<Invitation>(/^counterpoint\.(invitation\.|member\.invited)/)

export interface InvitationWish {
  email: string
  role: WorkspaceRole
  message?: string
}

export const useInvite = (workspace: string) =>
  useInvitationChange(workspace, (wish: InvitationWish) => requestData<SentInvitation>('POST', `${pathOf(workspace)}/invite`, wish))

export const useResend = (workspace: string) =>
  useInvitationChange(workspace, (id: string) =>
    requestData<SentInvitation>('POST', `${pathOf(workspace)}/invitations/${id}/resend`),
  )

export const useRevokeInvitation = (workspace: string) =>
  useInvitationChange(workspace, (id: string) => request('DELETE', `${pathOf(workspace)}/invitations/${id}`))

function useInvitationChange<W, T>(workspace: string, change: (wish: W) => Promise<T>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSettled: () => client.invalidateQueries({ queryKey: keyOf(workspace) }),
  })
}

/** What a link is for; nobody needs to be signed in. */
export function useLookAtInvitation(token: string) {
  return useQuery({
    queryKey: ['invitation', token],
    queryFn: ({ signal }) => request<ReceivedInvitation>('POST', '/auth/invitations/look', { token }, signal),
    enabled: token !== '',
    retry: false,
  })
}

/** `onJoined`: told before anything is asked anew, for then another page is shown. */
export const useAcceptInvitation = (onJoined: () => void) =>
  useJoining((token: string) => request('POST', '/auth/invitations/accept', { token }), onJoined)

export interface SignUp {
  token: string
  name: string
  password: string
}

export const useSignUp = (onJoined: () => void) =>
  useJoining((wish: SignUp) => request('POST', '/auth/invitations/sign-up', wish), onJoined)

/** Another person may be signed in after it, and another workspace is open to them. */
function useJoining<W>(join: (wish: W) => Promise<unknown>, onJoined: () => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: join,
    onSuccess: () => {
      onJoined()
      return client.resetQueries()
    },
  })
}
