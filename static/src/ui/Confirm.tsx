import type { ReactNode } from 'react'

import { messageOf } from '../api/errors'
import { Button } from './Button'
import { Dialog } from './Dialog'
import { Notice } from './Notice'

interface Props {
  title: string
  action: string
  busy?: boolean
  error?: unknown
  onConfirm: () => void
  onClose: () => void
  children: ReactNode
}

/** Ask before something that is not easily undone. The safe answer has the focus. */
export function Confirm({ title, action, busy = false, error, onConfirm, onClose, children }: Props) {
  return (
    <Dialog title={title} onClose={onClose}>
      <div className="prose">{children}</div>
      {error ? <Notice kind="error">{messageOf(error)}</Notice> : null}
      <div className="actions">
        <Button onClick={onClose} autoFocus>
          Cancel
        </Button>
        <Button look="danger" busy={busy} onClick={onConfirm}>
          {action}
        </Button>
      </div>
    </Dialog>
  )
}
