import { useQueryClient } from '@tanstack/react-query'

import { chartsKey, figuresKey, useCharts, useFigures, type TimeRange } from '../../api/metrics'
import type { ChartLine, DataSource, MetricFigure, MetricsReply, SeriesReply } from '../../api/schema'
import { useChannel } from '../../live/useChannel'
import type { LiveEvent } from '../../live/track'
import { LoadFailed } from '../../ui/Notice'
import { Skeleton } from '../../ui/Skeleton'
import { Chart } from './Chart'
import { shown } from './figures'
import { withSample, withSampleInCharts, type Sample } from './live'

/** A card for each metric: its newest value beside its threshold, and its course. They move as samples come. */
export function Charts({ source, range }: { source: DataSource; range: TimeRange }) {
  const client = useQueryClient()
  const figures = useFigures(source.id, range)
  const charts = useCharts(source.id, range)
  useChannel(`metrics:${source.id}`, {
    onOpen: () => undefined,
    onTold: (event: LiveEvent) => {
      const sample = event.data as unknown as Sample
      client.setQueryData<MetricsReply>(figuresKey(source.id, range), (held) => held && withSample(held, sample))
      client.setQueryData<SeriesReply>(chartsKey(source.id, range), (held) => held && withSampleInCharts(held, sample))
      if (figures.data?.metrics.length === 0) void client.invalidateQueries({ queryKey: ['figures', source.id] })
      if (charts.data?.series.length === 0) void client.invalidateQueries({ queryKey: ['charts', source.id] })
    },
  })
  if (figures.isPending || charts.isPending) return <Skeleton rows={4} label="Loading figures" />
  if (figures.isError && !figures.data) return <LoadFailed error={figures.error} onRetry={() => void figures.refetch()} />
  if (charts.isError && !charts.data) return <LoadFailed error={charts.error} onRetry={() => void charts.refetch()} />
  const newest = new Map(figures.data!.metrics.map((each) => [each.metric_type, each]))
  const lines = charts.data!.series.filter((line) => line.metric !== 'up')
  return (
    <>
      <Score reply={figures.data!} />
      {lines.length === 0 && (
        <div className="empty">
          <p>Nothing was measured in this time.</p>
        </div>
      )}
      <div className="charts" aria-busy={charts.isPlaceholderData}>
        {lines.map((line) => (
          <Card key={line.metric} line={line} figure={newest.get(line.metric)} charts={charts.data!} />
        ))}
      </div>
      <Unknown reply={figures.data!} />
    </>
  )
}

const STATUS_LOOKS: Record<MetricFigure['status'], string> = { good: 'good', warning: 'warn', critical: 'bad', unknown: 'quiet' }
const TRENDS: Record<MetricFigure['trend'], string> = { increasing: '↗', decreasing: '↘', stable: '→', unknown: '' }

function Card({ line, figure, charts }: { line: ChartLine; figure: MetricFigure | undefined; charts: SeriesReply }) {
  const threshold = figure?.metadata['threshold'] as { warning: number; critical: number; operator: string } | null | undefined
  return (
    <article className="card chart-card" aria-label={line.title}>
      <header className="chart-head">
        <h3>{line.title}</h3>
        {figure && figure.status !== 'unknown' && <span className={`mark mark-${STATUS_LOOKS[figure.status]}`}>{figure.status}</span>}
      </header>
      <p className="chart-value">
        {figure ? shown(figure.value, figure.unit) : <span className="soft">no reading of now</span>}{' '}
        {figure?.change_percentage != null && (
          <span className="soft chart-change" title="The mean of this time beside that of the time before">
            {TRENDS[figure.trend]} {Math.abs(figure.change_percentage) < 1000 ? `${figure.change_percentage > 0 ? '+' : ''}${figure.change_percentage.toFixed(0)} %` : ''}
          </span>
        )}
      </p>
      <Chart line={line} threshold={threshold ?? null} start={charts.start} end={charts.end} step={charts.step_seconds} />
    </article>
  )
}

function Score({ reply }: { reply: MetricsReply }) {
  const why = reply.data.unavailable.find((each) => each.metric === 'overall_score')?.reason
  const score = reply.overall_score
  if (score === null) return <p className="soft">Health: unknown. {why}</p>
  const look = score >= 100 ? 'good' : score >= 20 ? 'warn' : 'bad'
  return (
    <p>
      Health: <span className={`mark mark-${look}`}>{score.toFixed(0)} of 100</span>{' '}
      <span className="soft">by the metric that stands worst against its threshold</span>
    </p>
  )
}

function Unknown({ reply }: { reply: MetricsReply }) {
  const unknown = reply.data.unavailable.filter((each) => each.metric !== 'overall_score')
  if (unknown.length === 0) return null
  return (
    <details className="folded">
      <summary>{unknown.length === 1 ? 'One figure is' : `${unknown.length} figures are`} not known</summary>
      <ul className="plain-list">
        {unknown.map((each) => (
          <li key={each.metric}>
            <span className="mono">{each.metric}</span>: {each.reason}
          </li>
        ))}
      </ul>
    </details>
  )
}
