import { useState } from 'react'
import { Link } from 'wouter'

import { useMonitors, useSources } from '../../api/sources'
import { usePermissions } from '../../api/auth'
import type { DataSource, Monitor } from '../../api/schema'
import { SOURCES } from '../../api/sources'
import { useFresh } from '../../live/useFresh'
import { Button } from '../../ui/Button'
import { Icon } from '../../ui/Icon'
import { LoadFailed } from '../../ui/Notice'
import { Skeleton } from '../../ui/Skeleton'
import { useTitle } from '../../ui/useTitle'
import { When } from '../../ui/When'
import { AddSource } from './AddSource'
import { StateMark } from './StateMark'
import { typeWords } from './words'

/** All data sources of the organisation, and how each of them is. */
export function SourcesPage() {
  useTitle('Data sources')
  const sources = useSources()
  const monitors = useMonitors()
  const permissions = usePermissions()
  const mayManage = permissions.data?.permissions.includes('performance.manage') ?? false
  const [isAdding, setAdding] = useState(false)
  useFresh('sources', [SOURCES])
  const monitorOf = new Map(monitors.data?.map((each) => [each.data_source_id, each]))
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>Data sources</h1>
          <p className="soft">What is watched: databases, caches, files, addresses and this machine.</p>
        </div>
        {mayManage && (
          <Button look="main" onClick={() => setAdding(true)}>
            <Icon name="plus" />
            Add a source
          </Button>
        )}
      </header>
      {sources.isPending && <Skeleton rows={4} label="Loading data sources" />}
      {sources.isError && <LoadFailed error={sources.error} onRetry={() => void sources.refetch()} />}
      {sources.data?.length === 0 && (
        <div className="empty">
          <p>No data sources yet.</p>
          <p className="soft">{mayManage ? 'Add one, try its connection, and its figures come live.' : 'A data steward or an administrator adds them.'}</p>
        </div>
      )}
      {sources.data && sources.data.length > 0 && (
        <ul className="rows" aria-label="Data sources">
          {sources.data.map((source) => (
            <SourceRow key={source.id} source={source} monitor={monitorOf.get(source.id)} />
          ))}
        </ul>
      )}
      {isAdding && <AddSource onClose={() => setAdding(false)} />}
    </div>
  )
}

function SourceRow({ source, monitor }: { source: DataSource; monitor: Monitor | undefined }) {
  return (
    <li className="row">
      <div className="row-main">
        <Link href={`/sources/${source.id}`} className="row-title">
          {source.name}
          <StateMark source={source} />
        </Link>
        <p className="soft meta">
          <span>{typeWords(source.source_type)}</span>
          <span>{source.environment}</span>
          <span>{monitorWords(monitor)}</span>
          {monitor?.last_sample_at && (
            <span>
              last sample <When at={monitor.last_sample_at} />
            </span>
          )}
        </p>
        {source.status === 'error' && source.status_reason && <p className="source-reason">{source.status_reason}</p>}
      </div>
    </li>
  )
}

function monitorWords(monitor: Monitor | undefined): string {
  if (!monitor || monitor.status === 'stopped') return 'not sampled'
  return monitor.status === 'paused' ? 'paused' : `sampled every ${monitor.interval} s`
}
