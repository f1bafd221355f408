import { useState, type FormEvent } from 'react'

import { ApiError } from '../../api/errors'
import type { OrganisationRole } from '../../api/types'
import { useAddUser } from '../../api/users'
import { Button } from '../../ui/Button'
import { Dialog } from '../../ui/Dialog'
import { SelectField, TextField } from '../../ui/Field'
import { FormError } from '../../ui/Notice'
import { useToast } from '../../ui/Toasts'
import { ORGANISATION_ROLES } from '../../ui/words'

export function NewUserDialog({ onClose }: { onClose: () => void }) {
  const [form, setForm] = useState({ name: '', email: '', password: '' })
  const [role, setRole] = useState<OrganisationRole>('data_analyst')
  const add = useAddUser()
  const say = useToast()
  const error = add.error instanceof ApiError ? add.error : null
  const field = (name: keyof typeof form) => ({
    value: form[name],
    onChange: (event: { target: { value: string } }) => setForm({ ...form, [name]: event.target.value }),
    error: error?.issueOf(name),
    required: true,
    autoComplete: 'off',
  })
  const done = () => {
    say(`${form.name} was added.`)
    onClose()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    add.mutate({ ...form, role }, { onSuccess: done })
  }
  return (
    <Dialog title="Add somebody" onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <TextField label="Name" autoFocus {...field('name')} />
        <TextField label="E-mail" type="email" {...field('email')} />
        <TextField
          label="First password"
          type="text"
          hint="Give it to them in person or by telephone; they change it on their account page."
          {...field('password')}
        />
        <SelectField label="Role" options={ORGANISATION_ROLES} value={role} onChange={(event) => setRole(event.target.value as OrganisationRole)} />
        <FormError error={add.error} fields={['name', 'email', 'password']} />
        <div className="actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="main" busy={add.isPending}>
            Add
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
