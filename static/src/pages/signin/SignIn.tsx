import { useState, type FormEvent } from 'react'
import { Redirect } from 'wouter'

import { useLogin, useMe, useStatus } from '../../api/auth'
import { Button } from '../../ui/Button'
import { TextField } from '../../ui/Field'
import { FormError, Notice } from '../../ui/Notice'
import { useTitle } from '../../ui/useTitle'
import { FrontPage } from './FrontPage'

/** At /signin. Everywhere else the form stands in the place of the page that was asked for. */
export function SignInPage() {
  const me = useMe()
  const status = useStatus()
  if (me.data) return <Redirect to="/workspaces" replace />
  return <SignIn needsSetup={status.data?.needs_setup ?? false} />
}

export function SignIn({ needsSetup }: { needsSetup: boolean }) {
  useTitle('Sign in')
  return (
    <FrontPage title="Sign in">
      {needsSetup && (
        <Notice kind="info">
          Nobody has an account here yet. Open the set-up link that the server printed when it started.
        </Notice>
      )}
      <SignInForm />
    </FrontPage>
  )
}

interface Props {
  /** Who has to sign in again; somebody else's account would be another person's page. */
  email?: string | undefined
  onDone?: () => void
}

export function SignInForm({ email: fixed, onDone }: Props) {
  const [email, setEmail] = useState(fixed ?? '')
  const [password, setPassword] = useState('')
  const login = useLogin(fixed !== undefined)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    login.mutate({ email, password }, { onSuccess: () => onDone?.() })
  }
  return (
    <form className="form" onSubmit={submit}>
      <TextField
        label="E-mail"
        type="email"
        autoComplete="username"
        required
        autoFocus={!fixed}
        readOnly={fixed !== undefined}
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <TextField
        label="Password"
        type="password"
        autoComplete="current-password"
        required
        autoFocus={fixed !== undefined}
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <FormError error={login.error} />
      <Button type="submit" look="main" busy={login.isPending}>
        Sign in
      </Button>
    </form>
  )
}
