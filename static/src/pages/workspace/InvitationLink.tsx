import type { SentInvitation } from '../../api/types'
import { Button } from '../../ui/Button'
import { Dialog } from '../../ui/Dialog'
import { OnceDialog } from '../../ui/OnceDialog'

/** What was sent: by mail, or as a link to hand on. The server keeps only a hash of it. */
export function InvitationLink({ sent, onClose }: { sent: SentInvitation; onClose: () => void }) {
  const url = sent.accept_url
  const title = `${sent.email} is invited`
  if (url === null) {
    return (
      <Dialog title={title} onClose={onClose}>
        <p>A mail with the link is on its way.</p>
        <div className="actions">
          <Button onClick={onClose} autoFocus>
            Close
          </Button>
        </div>
      </Dialog>
    )
  }
  const warning = 'Hand this link on yourself: no mail was sent. It is shown this once, works once, and for seven days.'
  return <OnceDialog title={title} label="The link" value={url} rows={3} warning={warning} onClose={onClose} />
}
