import type { AdminCheck, AdminConnection, RoomHere } from '../../api/schema'

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

export const CONNECTION_KINDS: Record<AdminConnection['kind'], string> = {
  documents: 'Document socket',
  feed: 'Event socket',
  events: 'Server-sent events',
  emulation: 'Emulated socket',
}

/** A part that is slower than it should be serves everybody all the same, and its note says so. */
export const healthText = ({ ok, note }: Pick<AdminCheck, 'ok' | 'note'>): string =>
  !ok ? 'Not well' : note?.startsWith('degraded') ? 'Degraded' : 'Well'

/** A node that has a document open, and how far it is behind: "pad/1", "pad/2 3 rows behind". */
export const behindText = (room: Pick<RoomHere, 'node' | 'behind_rows'>): string =>
  room.behind_rows > 0 ? `${room.node} ${counted(room.behind_rows, 'row')} behind` : room.node
