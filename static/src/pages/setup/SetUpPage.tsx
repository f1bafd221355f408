/** The first account, made from the one-time link /setup#TOKEN. What follows the # is never sent in a request's address. */

import { useState, type FormEvent } from 'react'
import { Link, useLocation } from 'wouter'

import { useSetUp, useStatus } from '../../api/auth'
import { ApiError } from '../../api/errors'
import { Button } from '../../ui/Button'
import { TextField } from '../../ui/Field'
import { FormError, Notice } from '../../ui/Notice'
import { useTitle } from '../../ui/useTitle'
import { FrontPage } from '../signin/FrontPage'

export function SetUpPage() {
  useTitle('Set up')
  const [token] = useState(() => location.hash.slice(1))
  const status = useStatus()
  if (status.data && !status.data.needs_setup) {
    return (
      <FrontPage title="Set up already">
        <p className="prose">This server has its first account. The link has been used.</p>
        <Link href="/signin" className="button button-main">
          Sign in
        </Link>
      </FrontPage>
    )
  }
  return (
    <FrontPage title="Set up your server">
      <p className="prose">Make the first account. It is the administrator, and adds everybody else.</p>
      {token === '' && (
        <Notice kind="warning">This address has no set-up code. Use the whole link that the server printed when it started.</Notice>
      )}
      <SetUpForm token={token} />
    </FrontPage>
  )
}

function SetUpForm({ token }: { token: string }) {
  const [form, setForm] = useState({ name: '', email: '', password: '' })
  const [, navigate] = useLocation()
  const setUp = useSetUp()
  const error = setUp.error instanceof ApiError ? setUp.error : null
  const field = (name: keyof typeof form) => ({
    value: form[name],
    onChange: (event: { target: { value: string } }) => setForm({ ...form, [name]: event.target.value }),
    error: error?.issueOf(name),
    required: true,
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setUp.mutate({ token, ...form }, { onSuccess: () => navigate('/workspaces', { replace: true }) })
  }
  return (
    <form className="form" onSubmit={submit}>
      <TextField label="Your name" autoComplete="name" autoFocus {...field('name')} />
      <TextField label="E-mail" type="email" autoComplete="username" {...field('email')} />
      <TextField
        label="Password"
        type="password"
        autoComplete="new-password"
        hint="Long is good: four or five unrelated words are easy to remember and hard to guess."
        {...field('password')}
      />
      <FormError error={setUp.error} fields={['name', 'email', 'password']} />
      <Button type="submit" look="main" busy={setUp.isPending} disabled={token === ''}>
        Make the account
      </Button>
    </form>
  )
}
