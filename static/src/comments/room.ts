/** Whom comments are among: one document, its members, and what the reader may do. */

import type { Me, Member, Workspace } from '../api/types'

export interface Room {
  me: Me
  document: string
  members: readonly Member[]
  mayComment: boolean
  mayDeleteAny: boolean
}

/** What the workspace allows; nothing but reading while it is not known. */
export function roomOf(me: Me, document: string, workspace: Workspace | undefined): Room {
  const members = workspace?.members ?? []
  const role = members.find((member) => member.user_id === me.id)?.role
  return {
    me,
    document,
    members,
    mayComment: workspace?.permissions.can_comment ?? false,
    mayDeleteAny: role === 'owner' || role === 'admin',
  }
}
