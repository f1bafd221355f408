import { describe, expect, it } from 'vitest'

import type { MetricsReply, SeriesReply } from '../../api/schema'
import { withSample, withSampleInCharts, type Sample } from './live'

const NOON = Date.parse('2026-11-24T12:00:00Z')
const at = (seconds: number) => new Date(NOON + seconds * 1000).toISOString()
const sample = (seconds: number, load: number): Sample => ({ data_source_id: 1, at: at(seconds), state: 'up', metrics: { load } })

function charts(points: SeriesReply['series'][0]['points'], step_seconds = 30): SeriesReply {
  const series = [{ metric: 'load', title: 'Load', unit: '', worse: null, points }]
  return { data_source_id: 1, time_range: '1h', start: at(-3600), end: at(0), step_seconds, samples: 1, up: 1, series }
}

describe('a sample in a chart', () => {
  it('is a point of its own in a new step, and the window moves with it', () => {
    const found = withSampleInCharts(charts([[NOON - 3_590_000, 1, 1, 1, 1], [NOON, 2, 2, 2, 1]]), sample(40, 4))
    expect(found.series[0]!.points).toEqual([[NOON, 2, 2, 2, 1], [NOON + 30_000, 4, 4, 4, 1]])
    expect([found.start, found.end]).toEqual([at(-3560), at(40)])
  })
  it('is in the mean of a step that has begun', () => {
    const found = withSampleInCharts(charts([[NOON, 2, 1, 3, 2]]), sample(20, 5))
    expect(found.series[0]!.points).toEqual([[NOON, 3, 1, 5, 3]])
  })
  it('that comes late changes nothing', () => {
    const points: SeriesReply['series'][0]['points'] = [[NOON, 2, 2, 2, 1]]
    expect(withSampleInCharts(charts(points), sample(-60, 9)).series[0]!.points).toEqual(points)
  })
})

describe('a sample among the figures', () => {
  const figure = (threshold: unknown) =>
    ({ metrics: [{ metric_type: 'load', value: 1, status: 'good', metadata: { threshold } }, { metric_type: 'up', value: 1 }] }) as unknown as MetricsReply
  it.each([
    [{ operator: 'gt', warning: 3, critical: 5 }, 2, 'good'],
    [{ operator: 'gt', warning: 3, critical: 5 }, 4, 'warning'],
    [{ operator: 'gt', warning: 3, critical: 5 }, 6, 'critical'],
    [{ operator: 'lt', warning: 3, critical: 1 }, 2, 'warning'],
    [null, 2, 'unknown'],
  ])('with the threshold %j the value %d is %s', (threshold, value, status) => {
    const [load, up] = withSample(figure(threshold), sample(0, value)).metrics
    expect([load!.value, load!.status, load!.measurement_time]).toEqual([value, status, at(0)])
    expect(up!.value).toBe(1)
  })
})
