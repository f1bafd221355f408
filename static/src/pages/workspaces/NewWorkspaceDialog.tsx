import { useState, type FormEvent } from 'react'
import { useLocation } from 'wouter'

import type { Workspace } from '../../api/types'
import { useChangeWorkspace, useCreateWorkspace, type WorkspaceWish } from '../../api/workspaces'
import { Button } from '../../ui/Button'
import { Dialog } from '../../ui/Dialog'
import { AreaField, SelectField, TextField } from '../../ui/Field'
import { FormError } from '../../ui/Notice'
import { WORKSPACE_TYPES } from '../../ui/words'

export function NewWorkspaceDialog({ onClose }: { onClose: () => void }) {
  const create = useCreateWorkspace()
  const [, navigate] = useLocation()
  const submit = (wish: WorkspaceWish) =>
    create.mutate(wish, { onSuccess: (workspace) => navigate(`/workspaces/${workspace.id}`) })
  return (
    <WorkspaceDialog
      title="New workspace"
      action="Make it"
      start={{ name: '', type: 'data_analysis', description: '' }}
      busy={create.isPending}
      error={create.error}
      onSubmit={submit}
      onClose={onClose}
    />
  )
}

export function EditWorkspaceDialog({ workspace, onClose }: { workspace: Workspace; onClose: () => void }) {
  const change = useChangeWorkspace(workspace.id)
  const { name, type, description } = workspace
  return (
    <WorkspaceDialog
      title="Change the workspace"
      action="Change"
      start={{ name, type, description }}
      busy={change.isPending}
      error={change.error}
      onSubmit={(wish) => change.mutate(wish, { onSuccess: onClose })}
      onClose={onClose}
    />
  )
}

interface Props {
  title: string
  action: string
  start: WorkspaceWish
  busy: boolean
  error: unknown
  onSubmit: (wish: WorkspaceWish) => void
  onClose: () => void
}

function WorkspaceDialog({ title, action, start, busy, error, onSubmit, onClose }: Props) {
  const [wish, setWish] = useState(start)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSubmit({ ...wish, name: wish.name.trim(), description: wish.description.trim() })
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <TextField
          label="Name"
          required
          maxLength={100}
          autoFocus
          value={wish.name}
          onChange={(event) => setWish({ ...wish, name: event.target.value })}
        />
        <SelectField
          label="Kind"
          options={WORKSPACE_TYPES}
          value={wish.type}
          onChange={(event) => setWish({ ...wish, type: event.target.value as WorkspaceWish['type'] })}
        />
        <AreaField
          label="Description (optional)"
          rows={3}
          maxLength={10_000}
          value={wish.description}
          onChange={(event) => setWish({ ...wish, description: event.target.value })}
        />
        <FormError error={error} />
        <div className="actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="main" busy={busy}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
