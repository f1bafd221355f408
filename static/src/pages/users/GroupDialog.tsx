import { useState, type FormEvent } from 'react'

import { ApiError } from '../../api/errors'
import { useSaveGroup } from '../../api/groups'
import type { Group, User } from '../../api/types'
import { Button } from '../../ui/Button'
import { Dialog } from '../../ui/Dialog'
import { TextField } from '../../ui/Field'
import { FormError } from '../../ui/Notice'

interface Props {
  /** Null: a new one is made. */
  group: Group | null
  users: readonly User[]
  onClose: () => void
}

/** From so many on one looks for a name by writing it. */
const MANY = 12

export function GroupDialog({ group, users, onClose }: Props) {
  const [name, setName] = useState(group?.name ?? '')
  const [people, setPeople] = useState<ReadonlySet<string>>(() => new Set(group?.members.map((member) => member.user_id)))
  const save = useSaveGroup(group)
  const error = save.error instanceof ApiError ? save.error : null
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate({ name: name.trim(), people }, { onSuccess: onClose })
  }
  const toggle = (user: string) => {
    const next = new Set(people)
    if (!next.delete(user)) next.add(user)
    setPeople(next)
  }
  return (
    <Dialog title={group ? `Change ${group.name}` : 'New group'} onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <TextField
          label="Name"
          required
          maxLength={100}
          autoFocus
          autoComplete="off"
          value={name}
          error={error?.issueOf('name')}
          onChange={(event) => setName(event.target.value)}
        />
        <People users={users} chosen={people} onToggle={toggle} />
        <FormError error={save.error} fields={['name']} />
        <div className="actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="main" busy={save.isPending}>
            {group ? 'Save' : 'Make it'}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

function People({ users, chosen, onToggle }: { users: readonly User[]; chosen: ReadonlySet<string>; onToggle: (user: string) => void }) {
  const [wanted, setWanted] = useState('')
  const fits = (user: User) => `${user.name} ${user.email ?? ''}`.toLocaleLowerCase().includes(wanted.trim().toLocaleLowerCase())
  const shown = users.filter((user) => (user.active || chosen.has(user.id)) && fits(user))
  return (
    <fieldset className="choices">
      <legend>People ({chosen.size})</legend>
      {users.length >= MANY && (
        <TextField label="Find" type="search" autoComplete="off" value={wanted} onChange={(event) => setWanted(event.target.value)} />
      )}
      <div className="choices-list">
        {shown.map((user) => (
          <label key={user.id} className="choice">
            <input type="checkbox" checked={chosen.has(user.id)} onChange={() => onToggle(user.id)} />
            <span>
              {user.name} <span className="soft">{user.email}</span>
            </span>
          </label>
        ))}
        {shown.length === 0 && <p className="soft">Nobody has that name or address.</p>}
      </div>
    </fieldset>
  )
}
