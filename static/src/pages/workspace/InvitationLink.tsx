import { useState } from 'react'

import type { SentInvitation } from '../../api/types'
import { Button } from '../../ui/Button'
import { Dialog } from '../../ui/Dialog'
import { Notice } from '../../ui/Notice'

/** What was sent: by mail, or as a link to hand on. The server keeps only a hash of it. */
export function InvitationLink({ sent, onClose }: { sent: SentInvitation; onClose: () => void }) {
  const [copied, setCopied] = useState<boolean | null>(null)
  const url = sent.accept_url
  if (url === null) {
    return (
      <Dialog title={`${sent.email} is invited`} onClose={onClose}>
        <p>A mail with the link is on its way.</p>
        <div className="actions">
          <Button onClick={onClose} autoFocus>
            Close
          </Button>
        </div>
      </Dialog>
    )
  }
  const copy = () =>
    Promise.resolve()
      .then(() => navigator.clipboard.writeText(url))
      .then(
        () => setCopied(true),
        () => setCopied(false),
      )
  return (
    <Dialog title={`${sent.email} is invited`} onClose={onClose} dismissible={false}>
      <Notice kind="warning">Hand this link on yourself: no mail was sent. It is shown this once, works once, and for seven days.</Notice>
      <textarea className="input mono" rows={3} readOnly aria-label="The link" value={url} onFocus={(event) => event.target.select()} />
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
