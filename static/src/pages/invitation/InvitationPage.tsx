/** An invitation, from its link /invitation#TOKEN. What follows the # is never sent in a request's address. */

import { useState, type FormEvent } from 'react'
import { Link, useLocation } from 'wouter'

import { useMe } from '../../api/auth'
import { ApiError } from '../../api/errors'
import { useAcceptInvitation, useLookAtInvitation, useSignUp } from '../../api/invitations'
import type { InvitationStatus, Me, ReceivedInvitation } from '../../api/types'
import { SignOut } from '../../app/SignOut'
import { Button } from '../../ui/Button'
import { TextField } from '../../ui/Field'
import { FormError, LoadFailed, Notice } from '../../ui/Notice'
import { Skeleton } from '../../ui/Skeleton'
import { useTitle } from '../../ui/useTitle'
import { AS_ROLE } from '../../ui/words'
import { SignInForm } from '../signin/SignIn'
import { FrontPage } from '../signin/FrontPage'

export function InvitationPage() {
  useTitle('Invitation')
  const [token] = useState(() => location.hash.slice(1))
  const invitation = useLookAtInvitation(token)
  const me = useMe()
  if (token === '' || (invitation.error instanceof ApiError && invitation.error.status < 500)) {
    return <NoGood why="It is not the whole link, or it was replaced by a newer one." />
  }
  if (invitation.isError) {
    return (
      <FrontPage title="Invitation">
        <LoadFailed error={invitation.error} onRetry={() => void invitation.refetch()} />
      </FrontPage>
    )
  }
  if (!invitation.data || me.isPending) {
    return (
      <FrontPage title="Invitation">
        <Skeleton rows={2} label="Loading the invitation" />
      </FrontPage>
    )
  }
  const { status } = invitation.data
  if (status !== 'pending') return <NoGood why={ENDS[status]} />
  return <Invited token={token} invitation={invitation.data} me={me.data ?? null} />
}

const ENDS: Record<Exclude<InvitationStatus, 'pending'>, string> = {
  accepted: 'It has been used.',
  revoked: 'The invitation was taken back.',
  expired: 'It has expired.',
  void: 'Whoever sent it may not invite any more.',
}

function NoGood({ why }: { why: string }) {
  return (
    <FrontPage title="This link is no good">
      <p className="prose">{why} Ask whoever invited you for a new one.</p>
      <Link href="/workspaces" className="button button-plain">
        To your workspaces
      </Link>
    </FrontPage>
  )
}

interface Props {
  token: string
  invitation: ReceivedInvitation
}

function Invited({ token, invitation, me }: Props & { me: Me | null }) {
  const isMine = me?.email?.toLowerCase() === invitation.email.toLowerCase()
  return (
    <FrontPage title={`Join “${invitation.workspace_name}”`}>
      <p className="prose">
        {invitation.inviter_name} invites {invitation.email} as {AS_ROLE[invitation.role]}.
      </p>
      {invitation.message && <blockquote className="invitation-message">{invitation.message}</blockquote>}
      {isMine && <Accept token={token} invitation={invitation} />}
      {me && !isMine && (
        <Notice kind="warning">
          You are signed in as {me.email ?? me.name}. The invitation is for somebody else: sign out to accept it.
          <SignOut me={me} stay />
        </Notice>
      )}
      {!me && <Arrive token={token} invitation={invitation} />}
    </FrontPage>
  )
}

function Accept({ token, invitation }: Props) {
  const [, navigate] = useLocation()
  const accept = useAcceptInvitation(() => navigate(`/workspaces/${invitation.workspace_id}`, { replace: true }))
  return (
    <>
      <FormError error={accept.error} />
      <Button look="main" busy={accept.isPending} autoFocus onClick={() => accept.mutate(token)}>
        Join
      </Button>
    </>
  )
}

/** Nobody is signed in: make an account, or use the one that is there. The server does not say which it is. */
function Arrive({ token, invitation }: Props) {
  const [hasAccount, setHasAccount] = useState(false)
  return (
    <>
      {hasAccount ? <SignInForm email={invitation.email} /> : <SignUpForm token={token} invitation={invitation} />}
      <Button look="quiet" onClick={() => setHasAccount(!hasAccount)}>
        {hasAccount ? 'I have no account yet' : 'I have an account already'}
      </Button>
    </>
  )
}

function SignUpForm({ token, invitation }: Props) {
  const [form, setForm] = useState({ name: '', password: '' })
  const [, navigate] = useLocation()
  const signUp = useSignUp(() => navigate(`/workspaces/${invitation.workspace_id}`, { replace: true }))
  const error = signUp.error instanceof ApiError ? signUp.error : null
  const field = (name: keyof typeof form) => ({
    value: form[name],
    onChange: (event: { target: { value: string } }) => setForm({ ...form, [name]: event.target.value }),
    error: error?.issueOf(name),
    required: true,
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    signUp.mutate({ token, ...form })
  }
  return (
    <form className="form" onSubmit={submit}>
      <input type="hidden" autoComplete="username" value={invitation.email} readOnly />
      <TextField label="Your name" autoComplete="name" autoFocus {...field('name')} />
      <TextField
        label="Password"
        type="password"
        autoComplete="new-password"
        hint="Long is good: four or five unrelated words are easy to remember and hard to guess."
        {...field('password')}
      />
      <FormError error={signUp.error} fields={['name', 'password']} />
      <Button type="submit" look="main" busy={signUp.isPending}>
        Make the account and join
      </Button>
    </form>
  )
}
