import { useState, type FormEvent } from 'react'
import { useLocation } from 'wouter'

import { ApiError } from '../../api/errors'
import type { ConnectionTest, NewDataSource } from '../../api/schema'
import { useAddSource, useStart, useTryNew } from '../../api/sources'
import { Button } from '../../ui/Button'
import { Dialog } from '../../ui/Dialog'
import { SelectField, TextField } from '../../ui/Field'
import { FormError, Notice } from '../../ui/Notice'
import { FIELDS, SOURCE_TYPES, type SourceType } from './words'

const USUAL_INTERVAL = 15
const ENVIRONMENTS = { production: 'Production', staging: 'Staging', development: 'Development', test: 'Test' }
const NAMED = ['name', 'host', 'port', 'username', 'password_secret', 'database_name', 'options.exporter_url'] as const

type Wish = Record<'name' | 'host' | 'port' | 'username' | 'password' | 'database' | 'exporter', string>
const EMPTY: Wish = { name: '', host: '', port: '', username: '', password: '', database: '', exporter: '' }

/** Where it is and how we get in; it can be tried before it is added. Sampling begins at once. */
export function AddSource({ onClose }: { onClose: () => void }) {
  const [, navigate] = useLocation()
  const [type, setType] = useState<SourceType>('postgresql')
  const [environment, setEnvironment] = useState<keyof typeof ENVIRONMENTS>('production')
  const [encrypted, setEncrypted] = useState(true)
  const [wish, setWish] = useState(EMPTY)
  const attempt = useTryNew()
  const add = useAddSource()
  const start = useStart()
  const error = add.error ?? attempt.error
  const issueOf = (field: string) => (error instanceof ApiError ? error.issueOf(field) : undefined)
  const body = bodyOf(type, wish, encrypted, environment)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    add.mutate(body, {
      onSuccess: async (source) => {
        await start.mutateAsync({ id: source.id, interval: USUAL_INTERVAL }).catch(() => undefined)
        navigate(`/sources/${source.id}`)
      },
    })
  }
  const field = (name: keyof Wish) => ({ value: wish[name], onChange: (event: { target: { value: string } }) => setWish({ ...wish, [name]: event.target.value }) })
  const fields = FIELDS[type]
  return (
    <Dialog title="Add a data source" onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <SelectField label="Type" options={SOURCE_TYPES} value={type} onChange={(event) => setType(event.target.value as SourceType)} />
        <TextField label="Name" required autoFocus maxLength={200} autoComplete="off" error={issueOf('name')} {...field('name')} />
        {fields.host && <TextField label={fields.host} required placeholder={fields.placeholder} autoComplete="off" error={issueOf('host')} {...field('host')} />}
        {fields.port && (
          <div className="field-pair">
            <TextField label="Port" inputMode="numeric" pattern="[0-9]*" placeholder={String(fields.port)} autoComplete="off" error={issueOf('port')} {...field('port')} />
            {fields.database && <TextField label="Database" autoComplete="off" error={issueOf('database_name')} {...field('database')} />}
          </div>
        )}
        {fields.user && (
          <>
            <div className="field-pair">
              <TextField label="User" autoComplete="off" error={issueOf('username')} {...field('username')} />
              <TextField label="Password" type="password" autoComplete="new-password" error={issueOf('password_secret')} {...field('password')} />
            </div>
            <label className="choice">
              <input type="checkbox" checked={encrypted} onChange={(event) => setEncrypted(event.target.checked)} />
              Encrypt the connection, and check whom it leads to
            </label>
            <TextField label="Node exporter beside it" type="url" placeholder="http://db.example.org:9100/metrics" hint="Tells CPU, memory and disk of its machine, which it does not tell itself." autoComplete="off" error={issueOf('options.exporter_url')} {...field('exporter')} />
          </>
        )}
        <SelectField label="Environment" options={ENVIRONMENTS} value={environment} onChange={(event) => setEnvironment(event.target.value as keyof typeof ENVIRONMENTS)} />
        {attempt.data && <TestResult test={attempt.data} />}
        <FormError error={error} fields={NAMED} />
        <div className="actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button busy={attempt.isPending} onClick={() => attempt.mutate(body)}>
            Test the connection
          </Button>
          <Button type="submit" look="main" busy={add.isPending || start.isPending}>
            Add and watch it
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

/** What worked, what did not, and why. */
export function TestResult({ test }: { test: ConnectionTest }) {
  return (
    <Notice kind={test.success ? 'good' : 'warning'}>
      <p>
        {test.message} <span className="soft">({test.seconds.toFixed(2)} s)</span>
      </p>
      {test.unavailable.length > 0 && (
        <details className="folded">
          <summary>{test.unavailable.length} figures cannot be had</summary>
          <ul className="plain-list">
            {test.unavailable.map((each) => (
              <li key={each.metric}>
                <span className="mono">{each.metric}</span>: {each.reason}
              </li>
            ))}
          </ul>
        </details>
      )}
    </Notice>
  )
}

function bodyOf(source_type: SourceType, wish: Wish, encrypted: boolean, environment: keyof typeof ENVIRONMENTS): NewDataSource {
  const fields = FIELDS[source_type]
  const exporter = fields.user && wish.exporter.trim() ? { exporter_url: wish.exporter.trim() } : {}
  return {
    name: wish.name.trim() || 'Untitled',
    source_type,
    environment,
    host: fields.host ? wish.host.trim() : '',
    port: fields.port && wish.port ? Number(wish.port) : null,
    database_name: fields.database ? wish.database.trim() || null : null,
    username: fields.user ? wish.username.trim() || null : null,
    password_secret: fields.user ? wish.password || null : null,
    use_encryption: fields.user ? encrypted : false,
    options: exporter,
  } as NewDataSource
}
