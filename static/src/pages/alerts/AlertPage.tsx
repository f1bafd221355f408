import { useState, type FormEvent } from 'react'
import { Link } from 'wouter'

import { ALERTS, useAcknowledge, useAlert, useReopen, useResolve, useSilence } from '../../api/alerts'
import { usePermissions } from '../../api/auth'
import { ApiError, messageOf } from '../../api/errors'
import type { AlertEntry, AlertHistory } from '../../api/schema'
import { NotFound } from '../../app/NotFound'
import { useFresh } from '../../live/useFresh'
import { Button } from '../../ui/Button'
import { Dialog } from '../../ui/Dialog'
import { AreaField, SelectField, TextField } from '../../ui/Field'
import { Icon } from '../../ui/Icon'
import { FormError, LoadFailed, Notice } from '../../ui/Notice'
import { Skeleton } from '../../ui/Skeleton'
import { useToast } from '../../ui/Toasts'
import { useTitle } from '../../ui/useTitle'
import { When } from '../../ui/When'
import { SeverityMark } from './AlertList'
import { entryWords, STATES } from './words'

export function AlertPage({ id }: { id: number }) {
  const alert = useAlert(id)
  useTitle(alert.data?.title ?? 'Alert')
  useFresh('alerts', [ALERTS])
  if (alert.error instanceof ApiError && alert.error.status === 404) return <NotFound what="alert" />
  return (
    <div className="page">
      <nav aria-label="Breadcrumb" className="crumbs">
        <Link href="/alerts">
          <Icon name="back" />
          Alerts
        </Link>
      </nav>
      {alert.isPending && <Skeleton rows={4} label="Loading the alert" />}
      {alert.isError && !alert.data && <LoadFailed error={alert.error} onRetry={() => void alert.refetch()} />}
      {alert.data && <Content alert={alert.data} />}
    </div>
  )
}

function Content({ alert }: { alert: AlertHistory }) {
  const permissions = usePermissions()
  const mayManage = permissions.data?.permissions.includes('alerts.manage') ?? false
  return (
    <>
      <header className="page-head">
        <div className="webhook-head">
          <h1>{alert.title}</h1>
          <p className="soft meta">
            <span>
              <SeverityMark alert={alert} />
            </span>
            <span>{STATES[alert.status]}</span>
            <span>
              began <When at={alert.triggered_at} />
            </span>
          </p>
        </div>
        {mayManage && <Actions alert={alert} />}
      </header>
      <p>{alert.description}</p>
      {alert.muted_by && <Notice kind="info">{alert.muted_by === 'inhibited' ? 'Nobody is called: the source does not answer at all.' : 'Nobody is called: it is silenced.'}</Notice>}
      {alert.status === 'resolved' && alert.is_firing && <Notice kind="warning">It still held when it was resolved. If it goes on, there is a new alert.</Notice>}
      {alert.data_source_id !== null && (
        <p>
          <Link href={`/sources/${alert.data_source_id}`}>Charts of {alert.labels['source'] ?? 'the source'}</Link>
        </p>
      )}
      <section aria-labelledby="history">
        <h2 id="history">What became of it</h2>
        <ol className="rows" aria-label="What became of it">
          {alert.entries.map((entry, number) => (
            <Entry key={number} entry={entry} />
          ))}
        </ol>
      </section>
      <section aria-labelledby="labels">
        <h2 id="labels">Labels</h2>
        <p className="tags">
          {alert.tags.map((tag) => (
            <span key={tag} className="tag">
              {tag}
            </span>
          ))}
        </p>
      </section>
    </>
  )
}

function Entry({ entry }: { entry: AlertEntry }) {
  return (
    <li className="row">
      <div className="row-main">
        <p className="row-title">
          {entryWords(entry.kind)} <span className="soft">by {entry.actor}</span>
        </p>
        <p className="soft meta">
          <span>
            <When at={entry.at} />
          </span>
          {entry.text && <span className="entry-text">{entry.text}</span>}
        </p>
      </div>
    </li>
  )
}

type Doing = 'resolve' | 'silence' | null

function Actions({ alert }: { alert: AlertHistory }) {
  const [doing, setDoing] = useState<Doing>(null)
  const acknowledge = useAcknowledge(alert.id)
  const reopen = useReopen(alert.id)
  const say = useToast()
  const onError = (error: unknown) => say(messageOf(error), { kind: 'error' })
  const isLive = alert.status === 'open' || alert.status === 'acknowledged'
  return (
    <div className="actions">
      {alert.status === 'open' && (
        <Button look="main" busy={acknowledge.isPending} onClick={() => acknowledge.mutate('', { onError })}>
          Acknowledge
        </Button>
      )}
      {isLive && <Button onClick={() => setDoing('resolve')}>Resolve</Button>}
      {isLive && !alert.muted_by && <Button onClick={() => setDoing('silence')}>Silence</Button>}
      {alert.status === 'resolved' && (
        <Button busy={reopen.isPending} onClick={() => reopen.mutate('', { onError })}>
          Reopen
        </Button>
      )}
      {doing === 'resolve' && <ResolveDialog alert={alert} onClose={() => setDoing(null)} />}
      {doing === 'silence' && <SilenceDialog alert={alert} onClose={() => setDoing(null)} />}
    </div>
  )
}

function ResolveDialog({ alert, onClose }: { alert: AlertHistory; onClose: () => void }) {
  const resolve = useResolve(alert.id)
  const [text, setText] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    resolve.mutate(text, { onSuccess: onClose })
  }
  return (
    <Dialog title="Resolve the alert" onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <AreaField label="What was done" required autoFocus rows={3} maxLength={2000} value={text} onChange={(event) => setText(event.target.value)} />
        {alert.is_firing && <p className="soft">It still holds. If it goes on for another interval, there is a new alert.</p>}
        <FormError error={resolve.error} />
        <div className="actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="main" busy={resolve.isPending}>
            Resolve
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

const HOURS = { '1': 'For an hour', '4': 'For 4 hours', '24': 'For a day', '168': 'For a week' }
const HOUR_MS = 3_600_000

function SilenceDialog({ alert, onClose }: { alert: AlertHistory; onClose: () => void }) {
  const silence = useSilence()
  const [hours, setHours] = useState<keyof typeof HOURS>('4')
  const [comment, setComment] = useState('')
  const [whole, setWhole] = useState(false)
  const source = alert.labels['source']
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const ends_at = new Date(Date.now() + Number(hours) * HOUR_MS).toISOString()
    const about = whole && source ? { matchers: [{ name: 'source', value: source, is_regex: false, is_equal: true }] } : { alert_id: alert.id }
    silence.mutate({ ...about, comment, ends_at } as Parameters<typeof silence.mutate>[0], { onSuccess: onClose })
  }
  return (
    <Dialog title="Silence it" onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <TextField label="Why" required autoFocus maxLength={1000} value={comment} onChange={(event) => setComment(event.target.value)} />
        <SelectField label="How long" options={HOURS} value={hours} onChange={(event) => setHours(event.target.value as keyof typeof HOURS)} />
        {source && (
          <label className="choice">
            <input type="checkbox" checked={whole} onChange={(event) => setWhole(event.target.checked)} />
            All alerts of {source}, also those to come
          </label>
        )}
        <FormError error={silence.error} />
        <div className="actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="main" busy={silence.isPending}>
            Silence
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
