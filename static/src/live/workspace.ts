/** A workspace and who is in it, after an event. */

import type { EnvelopeWorkspace } from '../api/schema'
import type { Workspace, WorkspaceRole } from '../api/types'
import { moved } from './lists'
import { RELOAD, type Follower } from './useLiveQuery'

/** `me`: my own role decides what I may do, and the server says what that is. */
export const workspaceFollower = (me: string | undefined): Follower<EnvelopeWorkspace> => ({
  placeOf: ({ stream }) => stream,
  movedTo: moved,
  apply: (held, event) => {
    if (/^counterpoint\.(workspace\.|member\.(joined|renamed)\.)/.test(event.type)) return RELOAD
    const change = CHANGES[event.type]
    if (!change) return held
    const { member_id, role } = event.data as { member_id: string; role: WorkspaceRole }
    if (member_id === me) return RELOAD
    const members = held.data.members.flatMap((member) => (member.user_id === member_id ? change(member, role) : member))
    return { ...held, data: { ...held.data, members } }
  },
})

type Member = Workspace['members'][number]

const CHANGES: Record<string, (member: Member, role: WorkspaceRole) => Member | []> = {
  'counterpoint.member.left.v1': () => [],
  'counterpoint.member.removed.v1': () => [],
  'counterpoint.member.role_changed.v1': (member, role) => ({ ...member, role }),
}
