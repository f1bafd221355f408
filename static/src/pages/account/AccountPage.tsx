import { useState, type FormEvent } from 'react'

import { useChangePassword } from '../../api/auth'
import { ApiError } from '../../api/errors'
import type { Me } from '../../api/types'
import { Avatar } from '../../ui/Avatar'
import { Button } from '../../ui/Button'
import { TextField } from '../../ui/Field'
import { FormError, Notice } from '../../ui/Notice'
import { useTitle } from '../../ui/useTitle'
import { ORGANISATION_ROLES } from '../../ui/words'
import { Tokens } from './Tokens'

export function AccountPage({ me }: { me: Me }) {
  useTitle('Account')
  return (
    <div className="page page-narrow">
      <h1>Account</h1>
      <section className="card identity" aria-label="You">
        <Avatar id={me.id} name={me.name} />
        <div>
          <p className="row-title">{me.name}</p>
          <p className="soft">
            {me.email ?? 'no e-mail address'} · {ORGANISATION_ROLES[me.role]} of {me.organisation.name}
          </p>
        </div>
      </section>
      <section aria-labelledby="password">
        <h2 id="password">Password</h2>
        <PasswordForm email={me.email ?? ''} />
      </section>
      <Tokens />
    </div>
  )
}

const EMPTY = { current: '', new: '' }

function PasswordForm({ email }: { email: string }) {
  const [form, setForm] = useState(EMPTY)
  const change = useChangePassword()
  const error = change.error instanceof ApiError ? change.error : null
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate(form, { onSuccess: () => setForm(EMPTY) })
  }
  return (
    <form className="form card" onSubmit={submit}>
      <input type="hidden" autoComplete="username" value={email} readOnly />
      <TextField
        label="Current password"
        type="password"
        autoComplete="current-password"
        required
        value={form.current}
        error={error?.issueOf('current')}
        onChange={(event) => setForm({ ...form, current: event.target.value })}
      />
      <TextField
        label="New password"
        type="password"
        autoComplete="new-password"
        required
        hint="Your other sessions end when it changes."
        value={form.new}
        error={error?.issueOf('new')}
        onChange={(event) => setForm({ ...form, new: event.target.value })}
      />
      <FormError error={change.error} fields={['current', 'new']} />
      {change.isSuccess && <Notice kind="good">Your password has changed.</Notice>}
      <Button type="submit" busy={change.isPending}>
        Change the password
      </Button>
    </form>
  )
}
