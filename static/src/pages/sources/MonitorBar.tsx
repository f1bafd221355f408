import { useState } from 'react'

import { messageOf } from '../../api/errors'
import type { DataSource } from '../../api/schema'
import { useMonitors, usePause, useStart } from '../../api/sources'
import { Button } from '../../ui/Button'
import { SelectField } from '../../ui/Field'
import { useToast } from '../../ui/Toasts'
import { When } from '../../ui/When'
import { INTERVALS } from './words'

/** Whether it is sampled, how that goes, and the switch of it. */
export function MonitorBar({ source, mayManage }: { source: DataSource; mayManage: boolean }) {
  const monitors = useMonitors()
  const start = useStart()
  const pause = usePause(source.id)
  const say = useToast()
  const monitor = monitors.data?.find((each) => each.data_source_id === source.id)
  const [chosen, setChosen] = useState<string | null>(null)
  const isRunning = monitor?.status === 'running'
  const interval = chosen ?? String(monitor?.interval ?? 15)
  const onError = (error: unknown) => say(messageOf(error), { kind: 'error' })
  const sample = (every: string) => start.mutate({ id: source.id, interval: Number(every) }, { onError })
  const known = interval in INTERVALS ? INTERVALS : { ...INTERVALS, [interval]: `every ${interval} s` }
  return (
    <div className="monitor-bar">
      <p className="monitor-words" role="status">
        {isRunning ? 'Sampled' : monitor?.status === 'paused' ? 'Paused' : 'Not sampled'}
        {isRunning && monitor.last_sample_at && (
          <span className="soft">
            {' '}
            <When at={monitor.last_sample_at} /> by {monitor.node ?? 'no node yet'}, {monitor.samples_taken === 1 ? 'one sample' : `${monitor.samples_taken} samples`}
          </span>
        )}
        {isRunning && monitor.last_error && <span className="source-reason"> {monitor.last_error}</span>}
      </p>
      {mayManage && (
        <div className="actions">
          <SelectField
            label="Interval"
            options={known}
            value={interval}
            onChange={(event) => {
              setChosen(event.target.value)
              if (isRunning) sample(event.target.value)
            }}
          />
          {isRunning ? (
            <Button busy={pause.isPending} onClick={() => pause.mutate(undefined, { onError })}>
              Pause
            </Button>
          ) : (
            <Button look="main" busy={start.isPending} onClick={() => sample(interval)}>
              Start
            </Button>
          )}
        </div>
      )}
    </div>
  )
}
