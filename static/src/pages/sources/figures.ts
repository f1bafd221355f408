/** Numbers as people read them. */

const BYTES = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const
const number = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 4 })
const compact = new Intl.NumberFormat(undefined, { notation: 'compact', maximumSignificantDigits: 3 })

/** A value in its unit: 3.2 MiB, 92 %, 1.4 ms, 12 /s. */
export function shown(value: number, unit: string): string {
  if (unit === 'B' || unit === 'B/s') return bytes(value) + (unit === 'B/s' ? '/s' : '')
  if (unit === 's') return seconds(value)
  const digits = Math.abs(value) >= 100_000 ? compact.format(value) : number.format(value)
  return unit === '' ? digits : `${digits} ${unit}`
}

function bytes(value: number): string {
  let step = 0
  let left = Math.abs(value)
  while (left >= 1024 && step < BYTES.length - 1) {
    left /= 1024
    step += 1
  }
  return `${value < 0 ? '−' : ''}${number.format(step === 0 ? Math.round(left * 10) / 10 : Number(left.toPrecision(3)))} ${BYTES[step]}`
}

function seconds(value: number): string {
  if (Math.abs(value) < 120) return `${number.format(Number(value.toPrecision(3)))} s`
  if (Math.abs(value) < 7200) return `${number.format(Math.round(value / 60))} min`
  return `${number.format(Number((value / 3600).toPrecision(3)))} h`
}
