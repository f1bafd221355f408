import { useState } from 'react'
import { Link, useLocation } from 'wouter'

import { ApiError, messageOf } from '../../api/errors'
import type { Webhook, WebhookWithSecret } from '../../api/types'
import { useChangeWebhook, useDeleteWebhook, useRotate, useTestWebhook, useWebhook } from '../../api/webhooks'
import { NotFound } from '../../app/NotFound'
import { Button } from '../../ui/Button'
import { Confirm } from '../../ui/Confirm'
import { Icon } from '../../ui/Icon'
import { LoadFailed, Notice } from '../../ui/Notice'
import { Skeleton } from '../../ui/Skeleton'
import { useToast } from '../../ui/Toasts'
import { useTitle } from '../../ui/useTitle'
import { When } from '../../ui/When'
import { Deliveries } from './Deliveries'
import { SecretShown } from './SecretShown'
import { typeWords } from './types'
import { WebhookForm } from './WebhookForm'

export function WebhookPage({ id }: { id: string }) {
  const webhook = useWebhook(id)
  useTitle(webhook.data?.description || 'Webhook')
  if (webhook.error instanceof ApiError && webhook.error.status === 404) return <NotFound what="webhook" />
  return (
    <div className="page">
      <nav aria-label="Breadcrumb" className="crumbs">
        <Link href="/settings/webhooks">
          <Icon name="back" />
          Webhooks
        </Link>
      </nav>
      {webhook.isPending && <Skeleton rows={4} label="Loading the webhook" />}
      {webhook.isError && !webhook.data && <LoadFailed error={webhook.error} onRetry={() => void webhook.refetch()} />}
      {webhook.data && <Content webhook={webhook.data} />}
    </div>
  )
}

function Content({ webhook }: { webhook: Webhook }) {
  return (
    <>
      <header className="page-head">
        <div className="webhook-head">
          <h1>{webhook.description || 'Webhook'}</h1>
          <p className="mono">{webhook.url}</p>
          <p className="soft meta">
            <span>{typeWords(webhook.types)}</span>
            {webhook.former_secret_until && (
              <span>
                The former secret still signs, and ends <When at={webhook.former_secret_until} />
              </span>
            )}
          </p>
        </div>
        <Actions webhook={webhook} />
      </header>
      {!webhook.enabled && <TurnedOff webhook={webhook} />}
      <Deliveries webhook={webhook.id} />
    </>
  )
}

function TurnedOff({ webhook }: { webhook: Webhook }) {
  const change = useChangeWebhook(webhook.id)
  return (
    <Notice kind="warning">
      <p>Nothing is sent: {webhook.disabled_why || 'it was turned off'}.</p>
      <Button busy={change.isPending} onClick={() => change.mutate({ enabled: true })}>
        Turn on again
      </Button>
    </Notice>
  )
}

type Doing = 'change' | 'rotate' | 'delete' | null

function Actions({ webhook }: { webhook: Webhook }) {
  const [doing, setDoing] = useState<Doing>(null)
  const [made, setMade] = useState<WebhookWithSecret | null>(null)
  const test = useTestWebhook(webhook.id)
  const say = useToast()
  const close = () => setDoing(null)
  return (
    <div className="actions">
      <Button busy={test.isPending} disabled={!webhook.enabled} onClick={() => test.mutate(undefined, { onError: (error) => say(messageOf(error), { kind: 'error' }) })}>
        Send a test
      </Button>
      <Button onClick={() => setDoing('change')}>Change</Button>
      <Button onClick={() => setDoing('rotate')}>New secret</Button>
      <Button look="quiet" onClick={() => setDoing('delete')}>
        Delete
      </Button>
      {doing === 'change' && <Change webhook={webhook} onClose={close} />}
      {doing === 'rotate' && <Rotate webhook={webhook} onMade={setMade} onClose={close} />}
      {doing === 'delete' && <Delete webhook={webhook} onClose={close} />}
      {made && <SecretShown webhook={made} onClose={() => setMade(null)} />}
    </div>
  )
}

function Change({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const change = useChangeWebhook(webhook.id)
  return (
    <WebhookForm
      title="Change the webhook"
      action="Save"
      before={webhook}
      busy={change.isPending}
      error={change.error}
      onSend={(wish) => change.mutate(wish, { onSuccess: onClose })}
      onClose={onClose}
    />
  )
}

const OVERLAP_HOURS = 24

function Rotate({ webhook, onMade, onClose }: { webhook: Webhook; onMade: (webhook: WebhookWithSecret) => void; onClose: () => void }) {
  const rotate = useRotate(webhook.id)
  const [hasLeaked, setLeaked] = useState(false)
  const made = (changed: WebhookWithSecret) => {
    onClose()
    onMade(changed)
  }
  return (
    <Confirm
      title="Make a new secret?"
      action="Make a new secret"
      busy={rotate.isPending}
      error={rotate.error}
      onConfirm={() => rotate.mutate(hasLeaked ? 0 : OVERLAP_HOURS, { onSuccess: made })}
      onClose={onClose}
    >
      <p>Deliveries are signed with both secrets for {OVERLAP_HOURS} hours, so that the receiver can be changed meanwhile.</p>
      <label className="choice">
        <input type="checkbox" checked={hasLeaked} onChange={(event) => setLeaked(event.target.checked)} />
        The former one has leaked: end it at once
      </label>
    </Confirm>
  )
}

function Delete({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const remove = useDeleteWebhook(webhook.id)
  const [, navigate] = useLocation()
  // Also when this is not shown any more: an event of the deletion may have come before the answer.
  const removed = () =>
    remove.mutateAsync().then(
      () => navigate('/settings/webhooks'),
      () => undefined,
    )
  return (
    <Confirm
      title="Delete this webhook?"
      action="Delete the webhook"
      busy={remove.isPending}
      error={remove.error}
      onConfirm={removed}
      onClose={onClose}
    >
      <p>Nothing more is sent to {webhook.url}, and its log of deliveries goes with it. This cannot be undone.</p>
    </Confirm>
  )
}
