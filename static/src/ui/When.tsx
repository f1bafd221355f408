const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' })
const absolute = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' })
const time = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' })

const STEPS = [
  [60, 'minute', 60],
  [3_600, 'hour', 24],
  [86_400, 'day', 7],
] as const

/** A moment, near ones relative to now; the tooltip has it exactly. */
export function When({ at }: { at: string }) {
  const moment = new Date(at)
  return (
    <time dateTime={at} title={absolute.format(moment)}>
      {relativeText(moment, Date.now())}
    </time>
  )
}

export function relativeText(moment: Date, now: number): string {
  const seconds = (moment.getTime() - now) / 1000
  if (Math.abs(seconds) < 45) return 'just now'
  for (const [size, unit, limit] of STEPS) {
    const count = Math.round(seconds / size)
    if (Math.abs(count) < limit) return relative.format(count, unit)
  }
  return day.format(moment)
}

export const timeOfDay = (at: number): string => time.format(at)
