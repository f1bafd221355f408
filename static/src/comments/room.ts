/** Whom comments are among: one document, its members, who can be mentioned, and what the reader may do. */

import type { Group, Me, Member, Workspace } from '../api/types'
import { candidatesOf, type Candidate } from './mentions'

export interface Room {
  me: Me
  document: string
  members: readonly Member[]
  candidates: readonly Candidate[]
  mayComment: boolean
  mayDeleteAny: boolean
}

/** What the workspace allows; nothing but reading while it is not known. */
export function roomOf(me: Me, document: string, workspace: Workspace | undefined, groups: readonly Group[]): Room {
  const members = workspace?.members ?? []
  const role = members.find((member) => member.user_id === me.id)?.role
  return {
    me,
    document,
    members,
    candidates: candidatesOf(members, groups).filter((each) => each.id !== me.id),
    mayComment: workspace?.permissions.can_comment ?? false,
    mayDeleteAny: role === 'owner' || role === 'admin',
  }
}
