import { useState, type FormEvent } from 'react'

import { useCreateToken } from '../../api/auth'
import type { NewPersonalToken, TokenScope } from '../../api/types'
import { Button } from '../../ui/Button'
import { SelectField, TextField } from '../../ui/Field'
import { FormError } from '../../ui/Notice'
import { TOKEN_SCOPES } from '../../ui/words'

const LIFETIMES = { 7: '7 days', 30: '30 days', 90: '90 days', 365: 'One year', never: 'Never' } as const

export function NewTokenForm({ onMade }: { onMade: (token: NewPersonalToken) => void }) {
  const [name, setName] = useState('')
  const [scopes, setScopes] = useState<TokenScope[]>(['documents:read'])
  const [lifetime, setLifetime] = useState('90')
  const create = useCreateToken()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const expires_in_days = lifetime === 'never' ? null : Number(lifetime)
    create.mutate({ name: name.trim(), scopes, expires_in_days }, { onSuccess: onMadeAndCleared })
  }
  const onMadeAndCleared = (token: NewPersonalToken) => {
    setName('')
    onMade(token)
  }
  return (
    <form className="form card" onSubmit={submit} aria-label="New token">
      <TextField
        label="Name of a new token"
        placeholder="Nightly import"
        required
        maxLength={100}
        autoComplete="off"
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <Scopes chosen={scopes} onChange={setScopes} />
      <SelectField label="Ends after" options={LIFETIMES} value={lifetime} onChange={(event) => setLifetime(event.target.value)} />
      <FormError error={create.error} />
      <Button type="submit" busy={create.isPending} disabled={scopes.length === 0}>
        Make the token
      </Button>
    </form>
  )
}

function Scopes({ chosen, onChange }: { chosen: TokenScope[]; onChange: (scopes: TokenScope[]) => void }) {
  const toggle = (scope: TokenScope) =>
    onChange(chosen.includes(scope) ? chosen.filter((each) => each !== scope) : [...chosen, scope])
  return (
    <fieldset className="choices">
      <legend>It may</legend>
      {(Object.entries(TOKEN_SCOPES) as [TokenScope, string][]).map(([scope, text]) => (
        <label key={scope} className="choice">
          <input type="checkbox" checked={chosen.includes(scope)} onChange={() => toggle(scope)} />
          {text}
        </label>
      ))}
    </fieldset>
  )
}
