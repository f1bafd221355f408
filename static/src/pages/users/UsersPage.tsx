import { useState } from 'react'

import { messageOf } from '../../api/errors'
import type { Me, OrganisationRole, User } from '../../api/types'
import { useChangeUser, useUsers } from '../../api/users'
import { Avatar } from '../../ui/Avatar'
import { Button } from '../../ui/Button'
import { Confirm } from '../../ui/Confirm'
import { Options } from '../../ui/Field'
import { Icon } from '../../ui/Icon'
import { LoadFailed } from '../../ui/Notice'
import { Skeleton } from '../../ui/Skeleton'
import { useToast } from '../../ui/Toasts'
import { useTitle } from '../../ui/useTitle'
import { When } from '../../ui/When'
import { ORGANISATION_ROLES } from '../../ui/words'
import { Groups } from './Groups'
import { NewUserDialog } from './NewUserDialog'

export function UsersPage({ me }: { me: Me }) {
  useTitle('People')
  const users = useUsers()
  const [isAdding, setAdding] = useState(false)
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>People</h1>
          <p className="soft">Everybody in {me.organisation.name}</p>
        </div>
        <Button look="main" onClick={() => setAdding(true)}>
          <Icon name="plus" />
          Add somebody
        </Button>
      </header>
      {users.isPending && <Skeleton rows={5} label="Loading people" />}
      {users.isError && <LoadFailed error={users.error} onRetry={() => void users.refetch()} />}
      {users.data && (
        <ul className="rows">
          {users.data.map((user) => (
            <UserRow key={user.id} user={user} isMe={user.id === me.id} />
          ))}
        </ul>
      )}
      {users.data && <Groups users={users.data} />}
      {isAdding && <NewUserDialog onClose={() => setAdding(false)} />}
    </div>
  )
}

function UserRow({ user, isMe }: { user: User; isMe: boolean }) {
  return (
    <li className="row">
      <Avatar id={user.id} name={user.name} />
      <div className="row-main">
        <p className="row-title">
          {user.name}
          {isMe && <span className="soft"> (you)</span>}
          {!user.active && <span className="tag">Deactivated</span>}
        </p>
        <p className="soft meta">
          <span className="ellipsis">{user.email ?? 'signed in by an application'}</span>
          <span>{user.last_seen_at ? <>Seen <When at={user.last_seen_at} /></> : 'Never signed in'}</span>
        </p>
      </div>
      <UserActions user={user} isMe={isMe} />
    </li>
  )
}

function UserActions({ user, isMe }: { user: User; isMe: boolean }) {
  const [isAsking, setAsking] = useState(false)
  const change = useChangeUser()
  const say = useToast()
  const failed = (error: Error) => say(messageOf(error), { kind: 'error' })
  const setActive = (active: boolean) =>
    change.mutate({ id: user.id, active }, { onSuccess: () => setAsking(false), onError: failed })
  return (
    <div className="row-actions">
      <select
        className="input input-small"
        aria-label={`Role of ${user.name}`}
        value={change.variables?.role && change.isPending ? change.variables.role : user.role}
        disabled={change.isPending || isMe}
        title={isMe ? 'Another administrator can change your role' : undefined}
        onChange={(event) => change.mutate({ id: user.id, role: event.target.value as OrganisationRole }, { onError: failed })}
      >
        <Options of={ORGANISATION_ROLES} />
      </select>
      {!isMe && user.active && (
        <Button look="quiet" aria-label={`Deactivate ${user.name}`} onClick={() => setAsking(true)}>
          Deactivate
        </Button>
      )}
      {!user.active && (
        <Button look="quiet" aria-label={`Activate ${user.name}`} busy={change.isPending} onClick={() => setActive(true)}>
          Activate
        </Button>
      )}
      {isAsking && (
        <Confirm
          title={`Deactivate ${user.name}?`}
          action="Deactivate"
          busy={change.isPending}
          onConfirm={() => setActive(false)}
          onClose={() => setAsking(false)}
        >
          <p>All sessions and tokens of {user.name} end at once. Documents and edits stay. You can activate the account again.</p>
        </Confirm>
      )}
    </div>
  )
}
