import { useState, type FormEvent } from 'react'

import { messageOf } from '../../api/errors'
import type { Me, Member, Workspace, WorkspaceRole } from '../../api/types'
import { useAddMember, useChangeMember, useRemoveMember } from '../../api/workspaces'
import { Avatar } from '../../ui/Avatar'
import { Button } from '../../ui/Button'
import { Confirm } from '../../ui/Confirm'
import { Options, SelectField, TextField } from '../../ui/Field'
import { FormError } from '../../ui/Notice'
import { useToast } from '../../ui/Toasts'
import { WORKSPACE_ROLES } from '../../ui/words'
import { Invitations } from './Invitations'

const RANK: Record<WorkspaceRole, number> = { viewer: 1, editor: 2, admin: 3, owner: 4 }

/** The roles that somebody with `own` may give: none above the own one. */
function rolesUpTo(own: WorkspaceRole): Partial<Record<WorkspaceRole, string>> {
  return Object.fromEntries(Object.entries(WORKSPACE_ROLES).filter(([role]) => RANK[role as WorkspaceRole] <= RANK[own]))
}

export function Members({ me, workspace }: { me: Me; workspace: Workspace }) {
  const own = workspace.members.find((member) => member.user_id === me.id)?.role ?? 'viewer'
  const mayManage = workspace.permissions.can_manage
  return (
    <section aria-labelledby="members">
      <header className="section-head">
        <h2 id="members">Members</h2>
      </header>
      <ul className="rows">
        {workspace.members.map((member) => (
          <MemberRow key={member.user_id} me={me} member={member} own={own} mayManage={mayManage} workspace={workspace} />
        ))}
      </ul>
      {workspace.permissions.can_invite && <AddMember workspace={workspace.id} own={own} />}
      {workspace.permissions.can_invite && <Invitations workspace={workspace.id} roles={rolesUpTo(own)} />}
    </section>
  )
}

interface RowProps {
  me: Me
  member: Member
  own: WorkspaceRole
  mayManage: boolean
  workspace: Workspace
}

function MemberRow({ me, member, own, mayManage, workspace }: RowProps) {
  const [isLeaving, setLeaving] = useState(false)
  const isMe = member.user_id === me.id
  const mayChange = mayManage && RANK[member.role] <= RANK[own]
  return (
    <li className="row">
      <Avatar id={member.user_id} name={member.username} />
      <div className="row-main">
        <p className="row-title">
          {member.username}
          {isMe && <span className="soft"> (you)</span>}
        </p>
        <p className="soft ellipsis">{member.email}</p>
      </div>
      <div className="row-actions">
        {mayChange ? <RoleSelect member={member} own={own} workspace={workspace.id} /> : <span className="tag">{WORKSPACE_ROLES[member.role]}</span>}
        {(mayChange || isMe) && (
          <Button look="quiet" aria-label={isMe ? 'Leave the workspace' : `Remove ${member.username}`} onClick={() => setLeaving(true)}>
            {isMe ? 'Leave' : 'Remove'}
          </Button>
        )}
      </div>
      {isLeaving && <RemoveMember isMe={isMe} member={member} workspace={workspace} onClose={() => setLeaving(false)} />}
    </li>
  )
}

function RoleSelect({ member, own, workspace }: { member: Member; own: WorkspaceRole; workspace: string }) {
  const change = useChangeMember(workspace)
  const say = useToast()
  const choose = (role: WorkspaceRole) =>
    change.mutate({ user: member.user_id, role }, { onError: (error) => say(messageOf(error), { kind: 'error' }) })
  return (
    <select
      className="input input-small"
      aria-label={`Role of ${member.username}`}
      value={change.isPending ? change.variables.role : member.role}
      disabled={change.isPending}
      onChange={(event) => choose(event.target.value as WorkspaceRole)}
    >
      <Options of={rolesUpTo(own) as Record<string, string>} />
    </select>
  )
}

function RemoveMember({ isMe, member, workspace, onClose }: { isMe: boolean; member: Member; workspace: Workspace; onClose: () => void }) {
  const remove = useRemoveMember(workspace.id)
  return (
    <Confirm
      title={isMe ? `Leave “${workspace.name}”?` : `Remove ${member.username}?`}
      action={isMe ? 'Leave' : 'Remove'}
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate(member.user_id, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p>
        {isMe ? 'You lose' : `${member.username} loses`} access to all documents of this workspace at once. Edits that were made stay.
      </p>
    </Confirm>
  )
}

function AddMember({ workspace, own }: { workspace: string; own: WorkspaceRole }) {
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<WorkspaceRole>('editor')
  const add = useAddMember(workspace)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    add.mutate({ email: email.trim(), role }, { onSuccess: () => setEmail('') })
  }
  return (
    <form className="form add-member" onSubmit={submit} aria-label="Add a member">
      <TextField
        label="Add a colleague by e-mail"
        hint="Somebody who has an account here."
        type="email"
        required
        autoComplete="off"
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <SelectField
        label="As"
        options={rolesUpTo(own) as Record<string, string>}
        value={role}
        onChange={(event) => setRole(event.target.value as WorkspaceRole)}
      />
      <FormError error={add.error} />
      <Button type="submit" busy={add.isPending}>
        Add
      </Button>
    </form>
  )
}
