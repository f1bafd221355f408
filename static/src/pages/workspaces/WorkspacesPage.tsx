import { useState } from 'react'
import { Link } from 'wouter'

import { usePermissions } from '../../api/auth'
import type { Workspace } from '../../api/types'
import { useWorkspaces } from '../../api/workspaces'
import { Button } from '../../ui/Button'
import { Icon } from '../../ui/Icon'
import { LoadFailed } from '../../ui/Notice'
import { Skeleton } from '../../ui/Skeleton'
import { useTitle } from '../../ui/useTitle'
import { When } from '../../ui/When'
import { WORKSPACE_TYPES } from '../../ui/words'
import { NewWorkspaceDialog } from './NewWorkspaceDialog'

export function WorkspacesPage() {
  useTitle('Workspaces')
  const [isCreating, setCreating] = useState(false)
  const workspaces = useWorkspaces()
  const mayCreate = usePermissions().data?.permissions.includes('workspace.create') ?? false
  return (
    <div className="page">
      <header className="page-head">
        <h1>Workspaces</h1>
        {mayCreate && (
          <Button look="main" onClick={() => setCreating(true)}>
            <Icon name="plus" />
            New workspace
          </Button>
        )}
      </header>
      {workspaces.isPending && <Skeleton rows={4} label="Loading workspaces" />}
      {workspaces.isError && <LoadFailed error={workspaces.error} onRetry={() => void workspaces.refetch()} />}
      {workspaces.isSuccess && <WorkspaceList rows={workspaces.rows} mayCreate={mayCreate} />}
      {workspaces.hasNextPage && (
        <Button busy={workspaces.isFetchingNextPage} onClick={() => void workspaces.fetchNextPage()}>
          Show more
        </Button>
      )}
      {isCreating && <NewWorkspaceDialog onClose={() => setCreating(false)} />}
    </div>
  )
}

function WorkspaceList({ rows, mayCreate }: { rows: Workspace[]; mayCreate: boolean }) {
  if (rows.length === 0) {
    return (
      <div className="empty">
        <p>You are in no workspace yet.</p>
        <p className="soft">
          {mayCreate ? 'Make one for a team or a topic, and add the people who write with you.' : 'Ask an administrator to add you to one.'}
        </p>
      </div>
    )
  }
  return (
    <ul className="cards">
      {rows.map((workspace) => (
        <li key={workspace.id} className="card card-link">
          <h2>
            <Link href={`/workspaces/${workspace.id}`}>{workspace.name}</Link>
          </h2>
          {workspace.description && <p className="clamp">{workspace.description}</p>}
          <p className="soft meta">
            <span>{WORKSPACE_TYPES[workspace.type]}</span>
            <span>{workspace.members.length === 1 ? '1 member' : `${workspace.members.length} members`}</span>
            <span>
              Active <When at={workspace.last_activity} />
            </span>
          </p>
        </li>
      ))}
    </ul>
  )
}
