/** Groups of people, to be mentioned together. */

import { useState } from 'react'

import { useDeleteGroup, useGroups } from '../../api/groups'
import type { Group, User } from '../../api/types'
import { Button } from '../../ui/Button'
import { Confirm } from '../../ui/Confirm'
import { Icon } from '../../ui/Icon'
import { LoadFailed } from '../../ui/Notice'
import { Skeleton } from '../../ui/Skeleton'
import { GroupDialog } from './GroupDialog'

export function Groups({ users }: { users: readonly User[] }) {
  const groups = useGroups()
  const [edited, setEdited] = useState<Group | 'new' | null>(null)
  const [deleted, setDeleted] = useState<Group | null>(null)
  return (
    <section aria-labelledby="groups">
      <header className="section-head">
        <div>
          <h2 id="groups">Groups</h2>
          <p className="soft">Mentioned in a comment by @ and its name, a group tells its people who are members of that workspace.</p>
        </div>
        <Button onClick={() => setEdited('new')}>
          <Icon name="plus" />
          New group
        </Button>
      </header>
      {groups.isPending && <Skeleton rows={2} label="Loading groups" />}
      {groups.isError && <LoadFailed error={groups.error} onRetry={() => void groups.refetch()} />}
      {groups.data?.length === 0 && <p className="empty">No groups yet.</p>}
      {groups.data && groups.data.length > 0 && (
        <ul className="rows" aria-label="Groups">
          {groups.data.map((group) => (
            <li key={group.id} className="row">
              <div className="row-main">
                <p className="row-title">{group.name}</p>
                <p className="soft clamp">{group.members.map((member) => member.name).join(', ') || 'Nobody is in it.'}</p>
              </div>
              <div className="row-actions">
                <Button look="quiet" aria-label={`Change ${group.name}`} onClick={() => setEdited(group)}>
                  Change
                </Button>
                <Button look="quiet" aria-label={`Delete ${group.name}`} onClick={() => setDeleted(group)}>
                  Delete
                </Button>
              </div>
            </li>
          ))}
        </ul>
      )}
      {edited && <GroupDialog group={edited === 'new' ? null : edited} users={users} onClose={() => setEdited(null)} />}
      {deleted && <DeleteGroup group={deleted} onClose={() => setDeleted(null)} />}
    </section>
  )
}

function DeleteGroup({ group, onClose }: { group: Group; onClose: () => void }) {
  const remove = useDeleteGroup()
  return (
    <Confirm
      title={`Delete the group “${group.name}”?`}
      action="Delete the group"
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate(group.id, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p>Nobody can mention it any more. Comments that did stay as they are, and its people keep their accounts.</p>
    </Confirm>
  )
}
