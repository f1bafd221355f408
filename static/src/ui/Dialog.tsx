/** A modal dialog: the browser's own, which keeps the focus in and gives it back, and closes with Escape. */

import { useId, useLayoutEffect, useRef, useState, type ReactNode } from 'react'

interface Props {
  title: string
  onClose: () => void
  /** False: it can only be left by its buttons. */
  dismissible?: boolean
  look?: 'wide'
  children: ReactNode
}

export function Dialog({ title, onClose, dismissible = true, look, children }: Props) {
  const ref = useRef<HTMLDialogElement>(null)
  const id = useId()
  // The browser would give the focus back to the field in here that React focuses before the dialog is open.
  const [opener] = useState(() => document.activeElement)
  useLayoutEffect(() => {
    const dialog = ref.current
    if (dialog && !dialog.open) dialog.showModal()
    return () => {
      dialog?.close()
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus()
    }
  }, [opener])
  return (
    <dialog
      ref={ref}
      className={look ? `dialog dialog-${look}` : 'dialog'}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault()
        if (dismissible) onClose()
      }}
    >
      <h2 id={id}>{title}</h2>
      {children}
    </dialog>
  )
}
