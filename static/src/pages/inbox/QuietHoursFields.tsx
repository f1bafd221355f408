import { zonesWith, type QuietHours } from '../../inbox/preferences'
import { SelectField, TextField } from '../../ui/Field'

const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone

interface Props {
  hours: QuietHours
  onChange: (hours: QuietHours) => void
}

/** When only the inbox is told; the rest waits for their end. */
export function QuietHoursFields({ hours, onChange }: Props) {
  const zones = Object.fromEntries(zonesWith(hours.time_zone, Intl.supportedValuesOf('timeZone')).map((zone) => [zone, zone.replaceAll('_', ' ')]))
  const setEnabled = (enabled: boolean) => onChange({ ...hours, enabled, ...(enabled && hours.time_zone === 'UTC' ? { time_zone: HERE } : {}) })
  return (
    <section aria-labelledby="quiet">
      <h2 id="quiet">Quiet hours</h2>
      <label className="choice">
        <input type="checkbox" checked={hours.enabled} onChange={(event) => setEnabled(event.target.checked)} />
        Only the inbox in these hours; the rest comes when they end
      </label>
      {hours.enabled && (
        <div className="filters">
          <TextField label="From" type="time" required value={hours.start} onChange={(event) => onChange({ ...hours, start: event.target.value })} />
          <TextField label="Until" type="time" required value={hours.end} onChange={(event) => onChange({ ...hours, end: event.target.value })} />
          <SelectField label="Time zone" options={zones} value={hours.time_zone} onChange={(event) => onChange({ ...hours, time_zone: event.target.value })} />
        </div>
      )}
    </section>
  )
}
