/** A secret that is shown once: to be copied, and then gone. The server keeps only what it needs to know it again. */

import { useState, type ReactNode } from 'react'

import { Button } from './Button'
import { Dialog } from './Dialog'
import { Notice } from './Notice'

interface Props {
  title: string
  /** What the field is, such as "The token". */
  label: string
  value: string
  rows?: number
  warning: ReactNode
  onClose: () => void
}

export function OnceDialog({ title, label, value, rows = 2, warning, onClose }: Props) {
  const [copied, setCopied] = useState<boolean | null>(null)
  const copy = () =>
    Promise.resolve()
      .then(() => navigator.clipboard.writeText(value))
      .then(
        () => setCopied(true),
        () => setCopied(false),
      )
  return (
    <Dialog title={title} onClose={onClose} dismissible={false}>
      <Notice kind="warning">{warning}</Notice>
      <textarea className="input mono" rows={rows} readOnly aria-label={label} value={value} onFocus={(event) => event.target.select()} />
      <p className="soft" role="status">
        {copied === true && 'Copied.'}
        {copied === false && 'The browser did not let us copy. Select it and copy it by hand.'}
      </p>
      <div className="actions">
        <Button look="main" onClick={() => void copy()} autoFocus>
          Copy
        </Button>
        <Button onClick={onClose}>I have it</Button>
      </div>
    </Dialog>
  )
}
