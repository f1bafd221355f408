import { useState } from 'react'
import { Link, useLocation } from 'wouter'

import { ADVICE } from '../../api/advice'
import { ALERTS } from '../../api/alerts'
import { usePermissions } from '../../api/auth'
import { ApiError } from '../../api/errors'
import { TIME_RANGES, type TimeRange } from '../../api/metrics'
import type { DataSource } from '../../api/schema'
import { SOURCES, useRemoveSource, useSource, useTrySource } from '../../api/sources'
import { NotFound } from '../../app/NotFound'
import { useFresh } from '../../live/useFresh'
import { Button } from '../../ui/Button'
import { Confirm } from '../../ui/Confirm'
import { SelectField } from '../../ui/Field'
import { Icon } from '../../ui/Icon'
import { FormError, LoadFailed, Notice } from '../../ui/Notice'
import { Skeleton } from '../../ui/Skeleton'
import { useTitle } from '../../ui/useTitle'
import { AlertList } from '../alerts/AlertList'
import { TestResult } from './AddSource'
import { Advice } from './Advice'
import { Charts } from './Charts'
import { MonitorBar } from './MonitorBar'
import { StateMark } from './StateMark'
import { Thresholds } from './Thresholds'
import { typeWords } from './words'

export function SourcePage({ id }: { id: number }) {
  const source = useSource(id)
  useTitle(source.data?.name ?? 'Data source')
  useFresh('sources', [SOURCES, ADVICE])
  useFresh('alerts', [ALERTS, ['figures', id], ['thresholds', id]])
  if (source.error instanceof ApiError && source.error.status === 404) return <NotFound what="data source" />
  return (
    <div className="page">
      <nav aria-label="Breadcrumb" className="crumbs">
        <Link href="/sources">
          <Icon name="back" />
          Data sources
        </Link>
      </nav>
      {source.isPending && <Skeleton rows={6} label="Loading the data source" />}
      {source.isError && !source.data && <LoadFailed error={source.error} onRetry={() => void source.refetch()} />}
      {source.data && <Content source={source.data} />}
    </div>
  )
}

function Content({ source }: { source: DataSource }) {
  const permissions = usePermissions()
  const mayManage = permissions.data?.permissions.includes('performance.manage') ?? false
  const [range, setRange] = useState<TimeRange>('1h')
  return (
    <>
      <header className="page-head">
        <div className="webhook-head">
          <h1>{source.name}</h1>
          <p className="soft meta">
            <span>{typeWords(source.source_type)}</span>
            {source.host && <span className="mono webhook-url">{source.host}</span>}
            <span>{source.environment}</span>
          </p>
          <p>
            <StateMark source={source} />
          </p>
        </div>
        {mayManage && <Actions source={source} />}
      </header>
      {source.status === 'error' && source.status_reason && <Notice kind="warning">{source.status_reason}</Notice>}
      <MonitorBar source={source} mayManage={mayManage} />
      <section aria-labelledby="figures">
        <div className="section-head">
          <h2 id="figures">Figures</h2>
          <SelectField label="Time" options={TIME_RANGES} value={range} onChange={(event) => setRange(event.target.value as TimeRange)} />
        </div>
        <Charts source={source} range={range} />
      </section>
      <Thresholds source={source} mayManage={mayManage} />
      <Advice source={source.id} mayManage={mayManage} />
      <section aria-labelledby="alerts-of">
        <h2 id="alerts-of">Alerts</h2>
        <AlertList wanted={{ data_source_id: source.id, days: 30 }} none="No alerts in 30 days." />
      </section>
    </>
  )
}

function Actions({ source }: { source: DataSource }) {
  const attempt = useTrySource(source.id)
  const remove = useRemoveSource(source.id)
  const [isRemoving, setRemoving] = useState(false)
  const [, navigate] = useLocation()
  return (
    <div className="actions source-actions">
      <Button busy={attempt.isPending} onClick={() => attempt.mutate()}>
        Test the connection
      </Button>
      <Button look="quiet" onClick={() => setRemoving(true)}>
        Remove
      </Button>
      {attempt.data && <TestResult test={attempt.data} />}
      <FormError error={attempt.error} />
      {isRemoving && (
        <Confirm
          title={`Remove ${source.name}?`}
          action="Remove the source"
          busy={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutateAsync().then(() => navigate('/sources'), () => undefined)}
          onClose={() => setRemoving(false)}
        >
          <p>It is not watched any more, its alerts are resolved, and its password is forgotten.</p>
        </Confirm>
      )}
    </div>
  )
}
