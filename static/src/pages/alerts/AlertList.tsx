import { Link } from 'wouter'

import { useAlerts, type AlertQuery } from '../../api/alerts'
import type { PerfAlert } from '../../api/schema'
import { Button } from '../../ui/Button'
import { LoadFailed } from '../../ui/Notice'
import { Skeleton } from '../../ui/Skeleton'
import { When } from '../../ui/When'
import { SEVERITIES, SEVERITY_LOOKS, STATES } from './words'

/** Alerts, the newest first. */
export function AlertList({ wanted, none }: { wanted: AlertQuery; none: string }) {
  const alerts = useAlerts(wanted)
  return (
    <>
      {alerts.isPending && <Skeleton rows={3} label="Loading alerts" />}
      {alerts.isError && <LoadFailed error={alerts.error} onRetry={() => void alerts.refetch()} />}
      {alerts.isSuccess && alerts.rows.length === 0 && (
        <div className="empty">
          <p>{none}</p>
        </div>
      )}
      {alerts.rows.length > 0 && (
        <ul className="rows" aria-label="Alerts">
          {alerts.rows.map((alert) => (
            <AlertRow key={alert.id} alert={alert} />
          ))}
        </ul>
      )}
      {alerts.hasNextPage && (
        <Button busy={alerts.isFetchingNextPage} onClick={() => void alerts.fetchNextPage()}>
          Load older
        </Button>
      )}
    </>
  )
}

function AlertRow({ alert }: { alert: PerfAlert }) {
  const isLive = alert.status === 'open' || alert.status === 'acknowledged'
  return (
    <li className={isLive ? 'row' : 'row row-over'}>
      <div className="row-main">
        <Link href={`/alerts/${alert.id}`} className="row-title">
          <SeverityMark alert={alert} />
          {alert.title}
        </Link>
        <p className="soft meta">
          <span>{STATES[alert.status]}</span>
          <span>
            <When at={alert.triggered_at} />
          </span>
          {alert.acknowledged_by && alert.status === 'acknowledged' && <span>{alert.acknowledged_by} has it</span>}
          {alert.muted_by && <span>silenced</span>}
        </p>
      </div>
    </li>
  )
}

export function SeverityMark({ alert }: { alert: Pick<PerfAlert, 'severity'> }) {
  return <span className={`mark mark-${SEVERITY_LOOKS[alert.severity]}`}>{SEVERITIES[alert.severity]}</span>
}
