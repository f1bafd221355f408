import type { WebhookWithSecret } from '../../api/types'
import { OnceDialog } from '../../ui/OnceDialog'

/** With it the receiver knows that a delivery is of this server. */
export function SecretShown({ webhook, onClose }: { webhook: WebhookWithSecret; onClose: () => void }) {
  return (
    <OnceDialog
      title="The secret of the webhook"
      label="The secret"
      value={webhook.secret}
      warning="Give it to the receiver, which checks signatures with it. It is shown this once."
      onClose={onClose}
    />
  )
}
