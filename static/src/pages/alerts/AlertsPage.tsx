import { useState } from 'react'

import { ALERTS, SILENCES, type AlertSeverity, type AlertStatus } from '../../api/alerts'
import { useFresh } from '../../live/useFresh'
import { SelectField } from '../../ui/Field'
import { useTitle } from '../../ui/useTitle'
import { AlertList } from './AlertList'
import { Silences } from './Silences'
import { SEVERITIES, STATES } from './words'

const DAYS = { '1': 'Last day', '7': 'Last 7 days', '30': 'Last 30 days', '365': 'Last year' }

/** All alerts of the organisation, live. */
export function AlertsPage() {
  useTitle('Alerts')
  useFresh('alerts', [ALERTS, SILENCES])
  const [status, setStatus] = useState<AlertStatus>('')
  const [severity, setSeverity] = useState<AlertSeverity>('')
  const [days, setDays] = useState<keyof typeof DAYS>('7')
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>Alerts</h1>
          <p className="soft">One for each trouble; it ends when the trouble does.</p>
        </div>
      </header>
      <div className="filters">
        <SelectField label="State" options={{ '': 'Any', ...STATES }} value={status} onChange={(event) => setStatus(event.target.value as AlertStatus)} />
        <SelectField label="Severity" options={{ '': 'Any', ...SEVERITIES }} value={severity} onChange={(event) => setSeverity(event.target.value as AlertSeverity)} />
        <SelectField label="Began in the" options={DAYS} value={days} onChange={(event) => setDays(event.target.value as keyof typeof DAYS)} />
      </div>
      <AlertList wanted={{ status, severity, days: Number(days) }} none="No alerts." />
      <Silences />
    </div>
  )
}
