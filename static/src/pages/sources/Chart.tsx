import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'

import type { ChartLine } from '../../api/schema'
import { shown } from './figures'

interface Props {
  line: ChartLine
  threshold: { warning: number; critical: number } | null
  start: string
  end: string
  /** Seconds between two points. */
  step: number
}

const HEIGHT = 150
/** Where nothing was measured for so many steps, the line is broken. */
const GAP_STEPS = 4

/** The course of a metric with its extremes and its threshold. Whoever cannot see it is told its figures in words. */
export function Chart({ line, threshold, start, end, step }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | null>(null)
  const levels = useRef(threshold)
  useEffect(() => {
    const element = box.current
    if (!element) return
    const made = (plot.current = new uPlot(optionsOf(element, line.unit, levels), dataOf(line, step), element))
    const resized = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }))
    resized.observe(element)
    const redraw = () => {
      colours.delete(element)
      made.redraw(false)
    }
    const themed = new MutationObserver(redraw)
    themed.observe(document.documentElement, { attributeFilter: ['data-theme'] })
    const dark = matchMedia('(prefers-color-scheme: dark)')
    dark.addEventListener('change', redraw)
    return () => {
      resized.disconnect()
      themed.disconnect()
      dark.removeEventListener('change', redraw)
      plot.current = null
      made.destroy()
    }
    // Its points come by the next effect: it is not made anew for them.
  }, [line.metric, line.unit])
  useEffect(() => {
    levels.current = threshold
    const made = plot.current
    if (!made) return
    made.batch(() => {
      made.setData(dataOf(line, step), false)
      made.setScale('x', { min: Date.parse(start) / 1000, max: Date.parse(end) / 1000 })
      made.setScale('y', scaleOf(line, threshold))
    })
  }, [line, threshold, start, end, step])
  return <div ref={box} className="chart" role="img" aria-label={wordsOf(line)} />
}

const colours = new WeakMap<HTMLElement, Map<string, string>>()

/** What a colour of tokens.css is in the theme of the moment: a canvas knows no variables. */
function colourOf(element: HTMLElement, name: string): string {
  const known = colours.get(element) ?? new Map<string, string>()
  colours.set(element, known)
  const found = known.get(name)
  if (found) return found
  const probe = element.appendChild(document.createElement('span'))
  probe.style.color = `var(--${name})`
  const colour = getComputedStyle(probe).color
  probe.remove()
  known.set(name, colour)
  return colour
}

function optionsOf(element: HTMLElement, unit: string, levels: { current: Props['threshold'] }): uPlot.Options {
  const colour = (name: string) => () => colourOf(element, name)
  const axis = { stroke: colour('ink-soft'), grid: { stroke: colour('line'), width: 1 }, ticks: { show: false }, font: '11px system-ui' }
  return {
    width: Math.max(element.clientWidth, 50),
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false, drag: { setScale: false } },
    scales: { x: { time: true }, y: { auto: false } },
    axes: [axis, { ...axis, size: 64, values: (_, ticks) => ticks.map((tick) => shown(tick, unit)) }],
    series: [
      {},
      { stroke: colour('accent'), width: 1.5, points: { size: 4 } },
      { stroke: 'transparent', points: { show: false } },
      { stroke: 'transparent', points: { show: false } },
    ],
    bands: [{ series: [3, 2], fill: colour('accent-soft') }],
    hooks: {
      draw: [(made) => drawLevels(made, levels.current, (name) => colourOf(element, name))],
      setCursor: [(made) => tell(element, made, unit)],
    },
  }
}

function drawLevels(made: uPlot, levels: Props['threshold'], colour: (name: string) => string): void {
  if (!levels) return
  const { ctx, bbox } = made
  for (const [level, name] of [[levels.warning, 'warn'], [levels.critical, 'bad']] as const) {
    const y = made.valToPos(level, 'y', true)
    if (y < bbox.top || y > bbox.top + bbox.height) continue
    ctx.save()
    ctx.strokeStyle = colour(name)
    ctx.lineWidth = devicePixelRatio
    ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio])
    ctx.beginPath()
    ctx.moveTo(bbox.left, y)
    ctx.lineTo(bbox.left + bbox.width, y)
    ctx.stroke()
    ctx.restore()
  }
}

/** The value under the pointer stands in the title of the chart. */
function tell(element: HTMLElement, made: uPlot, unit: string): void {
  const { idx } = made.cursor
  const value = idx == null ? null : made.data[1]?.[idx]
  element.title = value == null || idx == null ? '' : `${new Date(made.data[0][idx]! * 1000).toLocaleString()}: ${shown(value, unit)}`
}

function dataOf(line: ChartLine, step: number): uPlot.AlignedData {
  const times: number[] = []
  const means: (number | null)[] = []
  const least: (number | null)[] = []
  const most: (number | null)[] = []
  let last: number | null = null
  for (const [at, mean, low, high] of line.points) {
    if (last !== null && at - last > GAP_STEPS * Math.max(step, 15) * 1000) {
      times.push((last + 1000) / 1000)
      for (const each of [means, least, most]) each.push(null)
    }
    times.push(at / 1000)
    means.push(mean)
    least.push(low)
    most.push(high)
    last = at
  }
  return [times, means, least, most]
}

/** All values and the levels near them are in the picture. */
function scaleOf(line: ChartLine, threshold: Props['threshold']): { min: number; max: number } {
  let min = Infinity
  let max = -Infinity
  for (const [, , low, high] of line.points) {
    min = Math.min(min, low)
    max = Math.max(max, high)
  }
  if (min > max) return { min: 0, max: 1 }
  for (const level of threshold ? [threshold.warning, threshold.critical] : []) {
    if (level > max && level <= max * 3) max = level
    if (level < min && level >= min / 3) min = level
  }
  if (min >= 0 && min < max / 2) min = 0
  const room = (max - min || Math.abs(max) || 1) * 0.08
  return { min: min === 0 ? 0 : min - room, max: max + room }
}

function wordsOf(line: ChartLine): string {
  const last = line.points.at(-1)
  if (!last) return `${line.title}: no readings`
  const least = Math.min(...line.points.map((each) => each[2]))
  const most = Math.max(...line.points.map((each) => each[3]))
  return `${line.title}: last ${shown(last[1], line.unit)}, from ${shown(least, line.unit)} to ${shown(most, line.unit)}`
}
