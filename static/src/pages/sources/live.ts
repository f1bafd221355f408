/** Samples as they come, put into what was loaded. */

import type { ChartLine, MetricFigure, MetricsReply, SeriesReply } from '../../api/schema'

/** The `data` of counterpoint.metrics.measured.v1. */
export interface Sample {
  data_source_id: number
  at: string
  state: 'up' | 'down' | 'slow' | 'pushed'
  metrics: Record<string, number>
}

type Threshold = { operator: string; warning: number; critical: number } | null | undefined
type Point = ChartLine['points'][number]

/** The newest values; what is not in the sample stays until it is asked for again. */
export function withSample(reply: MetricsReply, sample: Sample): MetricsReply {
  const metrics = reply.metrics.map((figure) => {
    const value = sample.metrics[figure.metric_type]
    if (value === undefined) return figure
    return { ...figure, value, measurement_time: sample.at, status: statusOf(value, figure.metadata['threshold'] as Threshold) }
  })
  return { ...reply, metrics }
}

/** A point more at the end, or more in the last one; the window moves with it. */
export function withSampleInCharts(reply: SeriesReply, sample: Sample): SeriesReply {
  const at = Date.parse(sample.at)
  const step = reply.step_seconds * 1000
  const moved = at - Date.parse(reply.end)
  const start = moved > 0 ? new Date(Date.parse(reply.start) + moved).toISOString() : reply.start
  const series = reply.series.map((line) => {
    const value = sample.metrics[line.metric]
    return value === undefined ? line : { ...line, points: withValue(line.points, Math.floor(at / step) * step, value, Date.parse(start)) }
  })
  return { ...reply, start, end: moved > 0 ? sample.at : reply.end, series }
}

function withValue(points: readonly Point[], at: number, value: number, from: number): Point[] {
  const kept = points.filter((each) => each[0] >= from)
  const last = kept.at(-1)
  if (!last || at > last[0]) return [...kept, [at, value, value, value, 1]]
  if (at < last[0]) return kept
  const [, mean, least, most, count] = last
  return [...kept.slice(0, -1), [at, (mean * count + value) / (count + 1), Math.min(least, value), Math.max(most, value), count + 1]]
}

const PASSES: Record<string, (value: number, level: number) => boolean> = {
  gt: (value, level) => value > level,
  lt: (value, level) => value < level,
  eq: (value, level) => value === level,
  ne: (value, level) => value !== level,
}

function statusOf(value: number, threshold: Threshold): MetricFigure['status'] {
  const passes = threshold && PASSES[threshold.operator]
  if (!passes) return 'unknown'
  if (passes(value, threshold.critical)) return 'critical'
  return passes(value, threshold.warning) ? 'warning' : 'good'
}
