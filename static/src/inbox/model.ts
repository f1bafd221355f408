/** The inbox as it is listed, and what an event or one's own action makes of it. */

import type { EnvelopeInbox, Inbox } from '../api/schema'
import type { Counts, InboxItem } from '../api/types'
import type { LiveEvent } from '../live/track'

export type { Counts, InboxItem }

export type Filter = 'all' | 'unread'

export type InboxPageData = Inbox & Omit<EnvelopeInbox, 'data'>

/** What has changed: the events' names and data (docs/reference/events.md). */
export type Change =
  | { kind: 'changed'; item: InboxItem; counts: Counts }
  | { kind: 'removed'; item_id: string; counts: Counts }
  | { kind: 'all_read'; at: string; counts: Counts }
  | { kind: 'all_seen'; at: string; counts: Counts }

const EVENT = /^counterpoint\.notification\.(changed|removed|all_read|all_seen)\.v1$/

/** What an event of `user:{id}` changes here: null for what is no matter of the inbox, undefined for what was cut and must be asked for. */
export function changeOf({ type, data }: Pick<LiveEvent, 'type' | 'data'>): Change | null | undefined {
  const kind = EVENT.exec(type)?.[1]
  if (!kind) return null
  return data.cut?.length ? undefined : ({ ...data, kind } as unknown as Change)
}

/** The pages after a change. An item that changed stands at its place; one that lies behind all that is loaded comes with its page. */
export function withChange(pages: readonly InboxPageData[], change: Change, filter: Filter): InboxPageData[] {
  const next = pages.map((page) => ({ ...page, counts: change.counts, items: itemsAfter(page.items, change, filter) }))
  if (change.kind !== 'changed' || !belongs(change.item, filter) || next.length === 0) return next
  const at = next.findIndex((page) => page.items.some((each) => order(change.item, each) < 0))
  const page = at >= 0 ? next[at]! : next[next.length - 1]!
  if (at < 0 && page.next_cursor !== null) return next
  page.items = [...page.items, change.item].sort(order)
  return next
}

function itemsAfter(items: readonly InboxItem[], change: Change, filter: Filter): InboxItem[] {
  switch (change.kind) {
    case 'changed':
      return items.filter((each) => each.id !== change.item.id)
    case 'removed':
      return items.filter((each) => each.id !== change.item_id)
    case 'all_read':
      return items.map((each) => stamped(each, 'read_at', change.at)).filter((each) => belongs(each, filter))
    case 'all_seen':
      return items.map((each) => stamped(each, 'seen_at', change.at))
  }
}

const stamped = (item: InboxItem, what: 'read_at' | 'seen_at', at: string): InboxItem =>
  item[what] === null && Date.parse(item.updated_at) <= Date.parse(at) ? { ...item, [what]: at } : item

const belongs = (item: InboxItem, filter: Filter): boolean => filter === 'all' || item.read_at === null

/** Newest first. */
function order(a: InboxItem, b: InboxItem): number {
  const between = Date.parse(b.updated_at) - Date.parse(a.updated_at)
  return between !== 0 ? between : a.id < b.id ? 1 : -1
}

/** An item that moved to the front while pages were loaded is listed once. */
export function listed(pages: readonly InboxPageData[]): InboxItem[] {
  const all = new Map<string, InboxItem>()
  for (const item of pages.flatMap((page) => page.items)) if (!all.has(item.id)) all.set(item.id, item)
  return [...all.values()]
}

/** One's own press, before the server has answered. */
export function asRead(item: InboxItem, isRead: boolean, counts: Counts, now: string): Change {
  const step = (item.read_at !== null) === isRead ? 0 : isRead ? -1 : 1
  const unread = Math.max(0, counts.unread + step)
  return { kind: 'changed', item: { ...item, read_at: isRead ? (item.read_at ?? now) : null }, counts: { ...counts, unread } }
}

const ACKNOWLEDGE = /^\/escalations\/([0-9a-f]{32})\/acknowledge$/

/** The escalation that the reader can take on; undefined where nothing is asked of him. */
export const escalationOf = ({ action }: Pick<InboxItem, 'action'>): string | undefined =>
  action?.name === 'acknowledge' ? ACKNOWLEDGE.exec(action.path)?.[1] : undefined

export function asAcknowledged(item: InboxItem, counts: Counts, now: string): Change {
  const read = asRead(item, true, counts, now)
  return read.kind === 'changed' ? { ...read, item: { ...read.item, action: null } } : read
}

export function asRemoved(item: InboxItem, counts: Counts): Change {
  const unread = Math.max(0, counts.unread - (item.read_at === null ? 1 : 0))
  const unseen = Math.max(0, counts.unseen - (item.seen_at === null ? 1 : 0))
  return { kind: 'removed', item_id: item.id, counts: { unread, unseen } }
}

/** As the badge says it to those who do not see it. */
export function badgeWords({ unread, unseen }: Counts): string {
  if (unread === 0 && unseen === 0) return 'Inbox'
  return `Inbox, ${unread} unread${unseen > 0 ? `, ${unseen} new` : ''}`
}

export const badgeNumber = (count: number): string => (count > 99 ? '99+' : String(count))

/** Only a place of this app is opened, whatever an item says. */
export const pathOf = (item: Pick<InboxItem, 'path'>): string => (/^\/(?![/\\])/.test(item.path) ? item.path : '/inbox')
