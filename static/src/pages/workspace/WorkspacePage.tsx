import { useState } from 'react'
import { Link, useLocation } from 'wouter'

import { ApiError } from '../../api/errors'
import type { Me, Workspace } from '../../api/types'
import { useDeleteWorkspace, useRestoreWorkspace, useWorkspace } from '../../api/workspaces'
import { NotFound } from '../../app/NotFound'
import { Button } from '../../ui/Button'
import { Confirm } from '../../ui/Confirm'
import { Icon } from '../../ui/Icon'
import { LoadFailed } from '../../ui/Notice'
import { Skeleton } from '../../ui/Skeleton'
import { useToast } from '../../ui/Toasts'
import { useTitle } from '../../ui/useTitle'
import { WORKSPACE_TYPES } from '../../ui/words'
import { EditWorkspaceDialog } from '../workspaces/NewWorkspaceDialog'
import { Documents } from './Documents'
import { Here } from './Here'
import { useHere } from './useHere'
import { Members } from './Members'

export function WorkspacePage({ me, id }: { me: Me; id: string }) {
  const workspace = useWorkspace(id)
  useTitle(workspace.data?.name ?? 'Workspace')
  if (workspace.error instanceof ApiError && workspace.error.status === 404) return <NotFound what="workspace" />
  return (
    <div className="page">
      <nav aria-label="Breadcrumb" className="crumbs">
        <Link href="/workspaces">
          <Icon name="back" />
          Workspaces
        </Link>
      </nav>
      {workspace.isPending && <Skeleton rows={6} label="Loading the workspace" />}
      {workspace.isError && !workspace.data && (
        <LoadFailed error={workspace.error} onRetry={() => void workspace.refetch()} />
      )}
      {workspace.data && <Content me={me} workspace={workspace.data} />}
    </div>
  )
}

function Content({ me, workspace }: { me: Me; workspace: Workspace }) {
  const [dialog, setDialog] = useState<'edit' | 'delete' | null>(null)
  const here = useHere(workspace.id, me.id)
  const role = workspace.members.find((member) => member.user_id === me.id)?.role
  return (
    <>
      <header className="page-head">
        <div>
          <h1>{workspace.name}</h1>
          <p className="soft">{WORKSPACE_TYPES[workspace.type]}</p>
        </div>
        <div className="actions">
          <Link href={`/workspaces/${workspace.id}/activity`} className="button button-plain">
            Activity
          </Link>
          {workspace.permissions.can_manage && <Button onClick={() => setDialog('edit')}>Change</Button>}
          {workspace.permissions.can_manage && role === 'owner' && (
            <Button look="quiet" onClick={() => setDialog('delete')}>
              Delete
            </Button>
          )}
        </div>
      </header>
      {workspace.description && <p className="prose description">{workspace.description}</p>}
      <Here people={here.others} />
      <div className="columns">
        <Documents workspace={workspace} peopleIn={here.peopleIn} />
        <Members me={me} workspace={workspace} />
      </div>
      {dialog === 'edit' && <EditWorkspaceDialog workspace={workspace} onClose={() => setDialog(null)} />}
      {dialog === 'delete' && <DeleteWorkspace workspace={workspace} onClose={() => setDialog(null)} />}
    </>
  )
}

function DeleteWorkspace({ workspace, onClose }: { workspace: Workspace; onClose: () => void }) {
  const [, navigate] = useLocation()
  const say = useToast()
  const remove = useDeleteWorkspace()
  const restore = useRestoreWorkspace()
  const done = () => {
    navigate('/workspaces')
    const undo = () =>
      restore.mutate(workspace.id, { onError: (error) => say(`“${workspace.name}” was not restored: ${error.message}`, { kind: 'error' }) })
    say(`“${workspace.name}” was deleted.`, { action: { label: 'Undo', run: undo } })
  }
  return (
    <Confirm
      title={`Delete “${workspace.name}”?`}
      action="Delete the workspace"
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate(workspace.id, { onSuccess: done })}
      onClose={onClose}
    >
      <p>Its documents close for everybody who has them open. You can undo this right after.</p>
    </Confirm>
  )
}
