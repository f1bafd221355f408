/** Invitations into a workspace: for those who invite, and for who holds a link. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { reloadOn } from '../live/lists'
import { useLiveQuery } from '../live/useLiveQuery'
import { api, bodyOf, dataOf } from './client'
import { usePages } from './queries'
import type { NewInvitation, SignUp } from './schema'
import type { Invitation } from './types'

const keyOf = (workspace: string) => ['invitations', workspace] as const
const LIST = '/collaboration/workspaces/{workspace_id}/invitations'
const ONE = '/collaboration/workspaces/{workspace_id}/invitations/{invitation_id}'
const INVITE = '/collaboration/workspaces/{workspace_id}/invite'
const RESEND = '/collaboration/workspaces/{workspace_id}/invitations/{invitation_id}/resend'
const paramsOf = (workspace_id: string) => ({ path: { workspace_id } })
const oneOf = (workspace_id: string, invitation_id: string) => ({ path: { workspace_id, invitation_id } })

/** Those that are open, or can be sent again; the newest first. */
export function useInvitations(workspace: string) {
  const query = usePages(keyOf(workspace), ({ query, signal }) =>
    bodyOf(api.GET(LIST, { params: { ...paramsOf(workspace), query }, signal })),
  )
  useLiveQuery(`workspace:${workspace}`, keyOf(workspace), query.data, CHANGES)
  return query
}

const CHANGES = reloadOn<Invitation>(/^counterpoint\.(invitation\.|member\.invited)/)

export const useInvite = (workspace: string) =>
  useInvitationChange(workspace, (body: NewInvitation) => dataOf(api.POST(INVITE, { params: paramsOf(workspace), body })))

export const useResend = (workspace: string) =>
  useInvitationChange(workspace, (id: string) => dataOf(api.POST(RESEND, { params: oneOf(workspace, id) })))

export const useRevokeInvitation = (workspace: string) =>
  useInvitationChange(workspace, (id: string) => bodyOf(api.DELETE(ONE, { params: oneOf(workspace, id) })))

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
    queryFn: ({ signal }) => bodyOf(api.POST('/auth/invitations/look', { body: { token }, signal })),
    enabled: token !== '',
    retry: false,
  })
}

/** `onJoined`: told before anything is asked anew, for then another page is shown. */
export const useAcceptInvitation = (onJoined: () => void) =>
  useJoining((token: string) => bodyOf(api.POST('/auth/invitations/accept', { body: { token } })), onJoined)

export const useSignUp = (onJoined: () => void) =>
  useJoining((body: SignUp) => bodyOf(api.POST('/auth/invitations/sign-up', { body })), onJoined)

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
