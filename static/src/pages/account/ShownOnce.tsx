import { useState } from 'react'

import type { NewPersonalToken } from '../../api/types'
import { Button } from '../../ui/Button'
import { Dialog } from '../../ui/Dialog'
import { Notice } from '../../ui/Notice'

/** The token's secret: the server keeps only a hash of it. */
export function ShownOnce({ token, onClose }: { token: NewPersonalToken; onClose: () => void }) {
  const [copied, setCopied] = useState<boolean | null>(null)
  const copy = () =>
    navigator.clipboard.writeText(token.token).then(
      () => setCopied(true),
      () => setCopied(false),
    )
  return (
    <Dialog title={`Token “${token.name}”`} onClose={onClose} dismissible={false}>
      <Notice kind="warning">Copy it now: it is shown this once.</Notice>
      <textarea className="input mono" rows={2} readOnly aria-label="The token" value={token.token} onFocus={(event) => event.target.select()} />
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
