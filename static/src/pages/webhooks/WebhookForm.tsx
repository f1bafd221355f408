import { useState, type FormEvent } from 'react'

import { ApiError } from '../../api/errors'
import type { WebhookWish } from '../../api/webhooks'
import { Button } from '../../ui/Button'
import { Dialog } from '../../ui/Dialog'
import { AreaField, TextField } from '../../ui/Field'
import { FormError } from '../../ui/Notice'
import { choiceOf, FAMILIES, typesOf, type TypeChoice } from './types'

interface Props {
  title: string
  action: string
  before: WebhookWish
  busy: boolean
  error: unknown
  onSend: (wish: WebhookWish) => void
  onClose: () => void
}

/** Where to, of what, and what for. */
export function WebhookForm({ title, action, before, busy, error, onSend, onClose }: Props) {
  const [url, setUrl] = useState(before.url)
  const [description, setDescription] = useState(before.description)
  const [choice, setChoice] = useState(() => choiceOf(before.types))
  const issueOf = (field: string) => (error instanceof ApiError ? error.issueOf(field) : undefined)
  const types = typesOf(choice)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSend({ url: url.trim(), description: description.trim(), types })
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <TextField label="Address" type="url" placeholder="https://example.org/hooks" required autoFocus autoComplete="off" value={url} error={issueOf('url')} onChange={(event) => setUrl(event.target.value)} />
        <TextField label="What it is for" maxLength={200} autoComplete="off" value={description} error={issueOf('description')} onChange={(event) => setDescription(event.target.value)} />
        <Types choice={choice} onChange={setChoice} error={issueOf('types')} />
        <FormError error={error} fields={['url', 'description', 'types']} />
        <div className="actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="main" busy={busy} disabled={types.length === 0}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

function Types({ choice, onChange, error }: { choice: TypeChoice; onChange: (choice: TypeChoice) => void; error: string | undefined }) {
  const toggle = (label: string) => {
    const { families } = choice
    onChange({ ...choice, families: families.includes(label) ? families.filter((each) => each !== label) : [...families, label] })
  }
  return (
    <>
      <fieldset className="choices">
        <legend>Events</legend>
        <label className="choice">
          <input type="checkbox" checked={choice.everything} onChange={(event) => onChange({ ...choice, everything: event.target.checked })} />
          Everything that you may see
        </label>
        {!choice.everything &&
          FAMILIES.map(({ label }) => (
            <label key={label} className="choice">
              <input type="checkbox" checked={choice.families.includes(label)} onChange={() => toggle(label)} />
              {label}
            </label>
          ))}
      </fieldset>
      {!choice.everything && (
        <AreaField
          label="Other types"
          hint="One a line, such as counterpoint.comment.added.v1; * stands for any part."
          rows={2}
          spellCheck={false}
          value={choice.others}
          error={error}
          onChange={(event) => onChange({ ...choice, others: event.target.value })}
        />
      )}
    </>
  )
}
