import type { ReactNode } from 'react'

import { Button } from './Button'
import { Dialog } from './Dialog'
import { FormError } from './Notice'

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
      <FormError error={error} />
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
