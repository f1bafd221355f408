import { useState } from 'react'
import { Link } from 'wouter'

import type { Webhook, WebhookWithSecret } from '../../api/types'
import { useCreateWebhook, useWebhooks } from '../../api/webhooks'
import { Button } from '../../ui/Button'
import { Icon } from '../../ui/Icon'
import { LoadFailed } from '../../ui/Notice'
import { Skeleton } from '../../ui/Skeleton'
import { useTitle } from '../../ui/useTitle'
import { When } from '../../ui/When'
import { SecretShown } from './SecretShown'
import { typeWords } from './types'
import { WebhookForm } from './WebhookForm'

/** All webhooks that the reader may manage. */
export function WebhooksPage() {
  useTitle('Webhooks')
  const webhooks = useWebhooks()
  const [isAdding, setAdding] = useState(false)
  const [made, setMade] = useState<WebhookWithSecret | null>(null)
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>Webhooks</h1>
          <p className="soft">Addresses that are sent events, signed; what does not arrive is tried again for three days.</p>
        </div>
        <Button look="main" onClick={() => setAdding(true)}>
          <Icon name="plus" />
          New webhook
        </Button>
      </header>
      {webhooks.isPending && <Skeleton rows={3} label="Loading webhooks" />}
      {webhooks.isError && <LoadFailed error={webhooks.error} onRetry={() => void webhooks.refetch()} />}
      {webhooks.data?.length === 0 && (
        <div className="empty">
          <p>No webhooks.</p>
        </div>
      )}
      {webhooks.data && webhooks.data.length > 0 && (
        <ul className="rows" aria-label="Webhooks">
          {webhooks.data.map((webhook) => (
            <WebhookRow key={webhook.id} webhook={webhook} />
          ))}
        </ul>
      )}
      {isAdding && <NewWebhook onMade={setMade} onClose={() => setAdding(false)} />}
      {made && <SecretShown webhook={made} onClose={() => setMade(null)} />}
    </div>
  )
}

function WebhookRow({ webhook }: { webhook: Webhook }) {
  return (
    <li className="row">
      <div className="row-main">
        <Link href={`/settings/webhooks/${webhook.id}`} className="row-title">
          {webhook.description || webhook.url}
          {!webhook.enabled && <span className="tag">Off</span>}
        </Link>
        <p className="soft meta">
          {webhook.description && <span className="webhook-url">{webhook.url}</span>}
          <span>{typeWords(webhook.types)}</span>
          <span>{webhook.delivered_at ? <>Delivered <When at={webhook.delivered_at} /></> : 'Nothing delivered yet'}</span>
        </p>
      </div>
    </li>
  )
}

const EMPTY = { url: '', description: '', types: ['*'] }

function NewWebhook({ onMade, onClose }: { onMade: (webhook: WebhookWithSecret) => void; onClose: () => void }) {
  const create = useCreateWebhook()
  const made = (webhook: WebhookWithSecret) => {
    onClose()
    onMade(webhook)
  }
  return (
    <WebhookForm
      title="New webhook"
      action="Make the webhook"
      before={EMPTY}
      busy={create.isPending}
      error={create.error}
      onSend={(wish) => create.mutate(wish, { onSuccess: made })}
      onClose={onClose}
    />
  )
}
