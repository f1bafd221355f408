import { useState, type FormEvent } from 'react'

import { messageOf } from '../../api/errors'
import { useInvitations, useInvite, useResend, useRevokeInvitation } from '../../api/invitations'
import type { Invitation, InvitationStatus, SentInvitation, WorkspaceRole } from '../../api/types'
import { Button } from '../../ui/Button'
import { SelectField, TextField } from '../../ui/Field'
import { FormError, LoadFailed } from '../../ui/Notice'
import { useToast } from '../../ui/Toasts'
import { When } from '../../ui/When'
import { WORKSPACE_ROLES } from '../../ui/words'
import { InvitationLink } from './InvitationLink'

const STATUS: Record<InvitationStatus, string> = {
  pending: 'Waiting',
  accepted: 'Accepted',
  revoked: 'Taken back',
  expired: 'Expired',
  void: 'No longer valid',
}

/** Invite by e-mail, with or without an account; and what became of it. `roles`: those that the reader may give. */
export function Invitations({ workspace, roles }: { workspace: string; roles: Partial<Record<WorkspaceRole, string>> }) {
  const invitations = useInvitations(workspace)
  const [sent, setSent] = useState<SentInvitation | null>(null)
  return (
    <section className="invitations" aria-labelledby="invitations">
      <h3 id="invitations">Invitations</h3>
      {invitations.isError && <LoadFailed error={invitations.error} onRetry={() => void invitations.refetch()} />}
      {invitations.rows.length > 0 && (
        <ul className="rows">
          {invitations.rows.map((invitation) => (
            <Row key={invitation.id} invitation={invitation} onSent={setSent} />
          ))}
        </ul>
      )}
      {invitations.hasNextPage && (
        <Button busy={invitations.isFetchingNextPage} onClick={() => void invitations.fetchNextPage()}>
          Show more
        </Button>
      )}
      <InviteForm workspace={workspace} roles={roles} onSent={setSent} />
      {sent && <InvitationLink sent={sent} onClose={() => setSent(null)} />}
    </section>
  )
}

type OnSent = (sent: SentInvitation) => void

function Row({ invitation, onSent }: { invitation: Invitation; onSent: OnSent }) {
  const resend = useResend(invitation.workspace_id)
  const revoke = useRevokeInvitation(invitation.workspace_id)
  const say = useToast()
  const onError = (error: Error) => say(messageOf(error), { kind: 'error' })
  return (
    <li className="row">
      <div className="row-main">
        <p className="row-title">{invitation.email}</p>
        <p className="soft meta">
          <span>{WORKSPACE_ROLES[invitation.role]}</span>
          <span>{STATUS[invitation.status]}</span>
          <span>
            sent <When at={invitation.sent_at} />
          </span>
        </p>
      </div>
      <div className="row-actions">
        <Button look="quiet" busy={resend.isPending} aria-label={`Send ${invitation.email} a new link`} onClick={() => resend.mutate(invitation.id, { onSuccess: onSent, onError })}>
          New link
        </Button>
        <Button look="quiet" busy={revoke.isPending} aria-label={`Take back the invitation of ${invitation.email}`} onClick={() => revoke.mutate(invitation.id, { onError })}>
          Take back
        </Button>
      </div>
    </li>
  )
}

function InviteForm({ workspace, roles, onSent }: { workspace: string; roles: Partial<Record<WorkspaceRole, string>>; onSent: OnSent }) {
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<WorkspaceRole>('editor')
  const invite = useInvite(workspace)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const done = (sent: SentInvitation) => {
      setEmail('')
      onSent(sent)
    }
    invite.mutate({ email: email.trim(), role }, { onSuccess: done })
  }
  return (
    <form className="form add-member" onSubmit={submit} aria-label="Invite somebody">
      <TextField
        label="Invite by e-mail"
        hint="They need no account here yet."
        type="email"
        required
        autoComplete="off"
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <SelectField label="As" options={roles as Record<string, string>} value={role} onChange={(event) => setRole(event.target.value as WorkspaceRole)} />
      <FormError error={invite.error} />
      <Button type="submit" busy={invite.isPending}>
        Invite
      </Button>
    </form>
  )
}
