const UNITS = ['B', 'KiB', 'MiB', 'GiB'] as const

/** 1536 is "1.5 KiB". */
export function bytesText(bytes: number): string {
  let unit = 0
  let size = bytes
  while (size >= 1024 && unit < UNITS.length - 1) {
    size /= 1024
    unit += 1
  }
  return `${unit === 0 || size >= 100 ? Math.round(size) : size.toFixed(1)} ${UNITS[unit]}`
}

/** 1 is "1 room", 2 is "2 rooms". */
export const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`
