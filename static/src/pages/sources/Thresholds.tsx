import { useState, type FormEvent } from 'react'

import { useAddThreshold, useChangeThreshold, useRemoveThreshold, useThresholds } from '../../api/alerts'
import { ApiError, messageOf } from '../../api/errors'
import type { DataSource, MetricCapability, NewThreshold, Threshold } from '../../api/schema'
import { useCapabilities } from '../../api/sources'
import { Button } from '../../ui/Button'
import { Dialog } from '../../ui/Dialog'
import { SelectField, TextField } from '../../ui/Field'
import { FormError, LoadFailed } from '../../ui/Notice'
import { Skeleton } from '../../ui/Skeleton'
import { useToast } from '../../ui/Toasts'
import { shown } from './figures'

type Operator = Threshold['operator']
const OPERATORS = { gt: 'is above', lt: 'is below', ne: 'is not', eq: 'is' }
type Doing = { threshold: Threshold | null } | null

/** What makes an alert of this source. */
export function Thresholds({ source, mayManage }: { source: DataSource; mayManage: boolean }) {
  const thresholds = useThresholds(source.id)
  const capabilities = useCapabilities(source.id)
  const [doing, setDoing] = useState<Doing>(null)
  const metrics = new Map(capabilities.data?.metrics.map((each) => [each.name, each]))
  const rows = thresholds.data?.filter((each) => each.data_source_id !== null || metrics.has(each.metric_name)) ?? []
  return (
    <section aria-labelledby="thresholds">
      <div className="section-head">
        <h2 id="thresholds">Thresholds</h2>
        {mayManage && <Button onClick={() => setDoing({ threshold: null })}>Set a threshold</Button>}
      </div>
      {thresholds.isPending && <Skeleton rows={2} label="Loading thresholds" />}
      {thresholds.isError && <LoadFailed error={thresholds.error} onRetry={() => void thresholds.refetch()} />}
      {thresholds.isSuccess && rows.length === 0 && (
        <div className="empty">
          <p>No thresholds: only a source that does not answer is an alert.</p>
        </div>
      )}
      {rows.length > 0 && (
        <ul className="rows" aria-label="Thresholds">
          {rows.map((each) => (
            <ThresholdRow key={each.id} threshold={each} metric={metrics.get(each.metric_name)} mayManage={mayManage} onChange={() => setDoing({ threshold: each })} />
          ))}
        </ul>
      )}
      {doing && <ThresholdForm source={source} metrics={[...metrics.values()]} before={doing.threshold} onClose={() => setDoing(null)} />}
    </section>
  )
}

interface RowProps {
  threshold: Threshold
  metric: MetricCapability | undefined
  mayManage: boolean
  onChange: () => void
}

function ThresholdRow({ threshold, metric, mayManage, onChange }: RowProps) {
  const remove = useRemoveThreshold(threshold.id)
  const change = useChangeThreshold(threshold.id)
  const say = useToast()
  const onError = (error: unknown) => say(messageOf(error), { kind: 'error' })
  const title = metric?.title ?? threshold.metric_name
  return (
    <li className="row">
      <div className="row-main">
        <p className="row-title">
          {title} {OPERATORS[threshold.operator as keyof typeof OPERATORS]} {shown(threshold.warning_threshold, metric?.unit ?? '')}
          {!threshold.enabled && <span className="tag">Off</span>}
        </p>
        <p className="soft meta">
          <span>critical {threshold.operator === 'lt' ? 'below' : threshold.operator === 'gt' ? 'above' : 'at'} {shown(threshold.critical_threshold, metric?.unit ?? '')}</span>
          {threshold.conditions.map((each) => (
            <span key={each.type}>{conditionWords(each, metric?.unit ?? '')}</span>
          ))}
          <span>{threshold.data_source_id === null ? 'of every source' : 'of this source'}</span>
        </p>
      </div>
      {mayManage && (
        <div className="row-actions">
          <Button look="quiet" aria-label={`Change: ${title}`} onClick={onChange}>
            Change
          </Button>
          <Button look="quiet" busy={change.isPending} onClick={() => change.mutate({ enabled: !threshold.enabled }, { onError })}>
            {threshold.enabled ? 'Turn off' : 'Turn on'}
          </Button>
          <Button look="quiet" busy={remove.isPending} aria-label={`Remove: ${title}`} onClick={() => remove.mutate(undefined, { onError })}>
            Remove
          </Button>
        </div>
      )}
    </li>
  )
}

function conditionWords({ type, value }: Threshold['conditions'][number], unit: string): string {
  if (type === 'for') return `for ${shown(value, 's')}`
  return type === 'clear_at' ? `over at ${shown(value, unit)}` : `over after ${shown(value, 's')}`
}

interface FormProps {
  source: DataSource
  metrics: readonly MetricCapability[]
  before: Threshold | null
  onClose: () => void
}

function ThresholdForm({ source, metrics, before, onClose }: FormProps) {
  const add = useAddThreshold()
  const change = useChangeThreshold(before?.id ?? 0)
  const options = Object.fromEntries(metrics.map((each) => [each.name, `${each.title}${each.unit && ` (${each.unit})`}`]))
  const [metric, setMetric] = useState(before?.metric_name ?? metrics[0]?.name ?? '')
  const usual = metrics.find((each) => each.name === metric)?.worse === 'low' ? 'lt' : 'gt'
  const [operator, setOperator] = useState<Operator | null>(before?.operator ?? null)
  const [warning, setWarning] = useState(before ? String(before.warning_threshold) : '')
  const [critical, setCritical] = useState(before ? String(before.critical_threshold) : '')
  const [lasting, setLasting] = useState(String(before?.conditions.find((each) => each.type === 'for')?.value ?? ''))
  const [everywhere, setEverywhere] = useState(before?.data_source_id === null)
  const error = before ? change.error : add.error
  const issueOf = (field: string) => (error instanceof ApiError ? error.issueOf(field) : undefined)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const others = before?.conditions.filter((each) => each.type !== 'for') ?? []
    const conditions: NewThreshold['conditions'] = lasting ? [{ type: 'for', value: Number(lasting) }, ...others] : others
    const levels = { warning_threshold: Number(warning), critical_threshold: Number(critical), conditions }
    if (before) change.mutate({ ...levels, version: before.version }, { onSuccess: onClose })
    else
      add.mutate(
        { ...levels, metric_name: metric, operator: (operator ?? usual) as NewThreshold['operator'], data_source_id: everywhere ? null : source.id },
        { onSuccess: onClose },
      )
  }
  return (
    <Dialog title={before ? 'Change the threshold' : 'Set a threshold'} onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <SelectField label="Metric" options={options} value={metric} disabled={before !== null} error={issueOf('metric_name')} onChange={(event) => setMetric(event.target.value)} />
        <SelectField label="When it" options={OPERATORS} value={operator ?? usual} disabled={before !== null} onChange={(event) => setOperator(event.target.value)} />
        <div className="field-pair">
          <TextField label="Warning" type="number" step="any" required autoFocus value={warning} error={issueOf('warning_threshold')} onChange={(event) => setWarning(event.target.value)} />
          <TextField label="Critical" type="number" step="any" required value={critical} error={issueOf('critical_threshold')} onChange={(event) => setCritical(event.target.value)} />
        </div>
        <TextField label="For how many seconds" type="number" min={0} step="any" hint="Nothing: at the first sample." value={lasting} error={issueOf('conditions')} onChange={(event) => setLasting(event.target.value)} />
        {!before && (
          <label className="choice">
            <input type="checkbox" checked={everywhere} onChange={(event) => setEverywhere(event.target.checked)} />
            Of every source that has this metric
          </label>
        )}
        <FormError error={error} fields={['metric_name', 'warning_threshold', 'critical_threshold', 'conditions']} />
        <div className="actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="main" busy={add.isPending || change.isPending}>
            {before ? 'Save' : 'Set it'}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
