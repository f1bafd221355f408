import { expect, test } from 'vitest'

import { escalationOf, asAcknowledged, asRead, asRemoved, badgeNumber, badgeWords, changeOf, listed, pathOf, withChange, type InboxItem, type InboxPageData } from './model'

const at = (minute: number) => `2026-11-23T09:${String(minute).padStart(2, '0')}:00Z`
const item = (id: string, minute: number, parts: Partial<InboxItem> = {}): InboxItem => ({
  id, kind: 'mention', subject: `thread/${id}`, severity: 'info', title: id, text: '', path: '/inbox', workspace_id: null,
  document_id: null, thread_id: null, actor: null, count: 1, activities: [], action: null, created_at: at(minute), updated_at: at(minute),
  notified_at: at(minute), seen_at: null, read_at: null, ...parts,
})
const page = (items: InboxItem[], next_cursor: string | null = null): InboxPageData => ({ items, counts: { unread: 2, unseen: 2 }, next_cursor, stream: null })
const counts = { unread: 3, unseen: 1 }
const idsOf = (pages: InboxPageData[]) => pages.map((each) => each.items.map((one) => one.id))

test('what is new stands first, what changed again moves there, and is there once', () => {
  const pages = [page([item('b', 5), item('a', 4)], 'more')]
  const once = withChange(pages, { kind: 'changed', item: item('c', 6), counts }, 'all')
  expect(idsOf(once)).toEqual([['c', 'b', 'a']])
  const again = withChange(once, { kind: 'changed', item: item('a', 7, { count: 2 }), counts }, 'all')
  expect(idsOf(again)).toEqual([['a', 'c', 'b']])
  expect(again[0]!.counts).toEqual(counts)
  expect(idsOf(pages)).toEqual([['b', 'a']])
})

test('an older item changes where it stands; behind what is loaded it waits for its page, unless that is the last', () => {
  const pages = [page([item('d', 9), item('c', 8)], 'x'), page([item('b', 5)], 'y')]
  expect(listed(withChange(pages, { kind: 'changed', item: item('c', 8, { read_at: at(10) }), counts }, 'all')).map((each) => each.id)).toEqual(['d', 'c', 'b'])
  expect(idsOf(withChange(pages, { kind: 'changed', item: item('a', 1), counts }, 'all'))).toEqual([['d', 'c'], ['b']])
  expect(idsOf(withChange([page([item('b', 5)])], { kind: 'changed', item: item('a', 1), counts }, 'all'))).toEqual([['b', 'a']])
  expect(idsOf(withChange([page([])], { kind: 'changed', item: item('a', 1), counts }, 'all'))).toEqual([['a']])
})

test('among the unread ones an item that is read is not listed, and comes back when it is unread again', () => {
  const pages = [page([item('b', 5), item('a', 4)])]
  const read = withChange(pages, { kind: 'changed', item: item('b', 5, { read_at: at(6) }), counts }, 'unread')
  expect(idsOf(read)).toEqual([['a']])
  expect(idsOf(withChange(read, { kind: 'changed', item: item('b', 5), counts }, 'unread'))).toEqual([['b', 'a']])
  expect(idsOf(withChange(pages, { kind: 'all_read', at: at(4), counts }, 'unread'))).toEqual([['b']])
})

test('all read and all seen reach what was there then, and nothing that came after', () => {
  const pages = [page([item('b', 5), item('a', 4)])]
  const read = withChange(pages, { kind: 'all_read', at: at(4), counts }, 'all')
  expect(read[0]!.items.map((each) => each.read_at)).toEqual([null, at(4)])
  const seen = withChange(pages, { kind: 'all_seen', at: at(5), counts }, 'all')
  expect(seen[0]!.items.map((each) => each.seen_at)).toEqual([at(5), at(5)])
  expect(idsOf(withChange(pages, { kind: 'removed', item_id: 'b', counts }, 'all'))).toEqual([['a']])
})

test('what is acknowledged is read and asks for nothing; only the address of an escalation is posted to', () => {
  const path = `/escalations/${'a'.repeat(32)}/acknowledge`
  const open = item('a', 4, { action: { name: 'acknowledge', path } })
  expect(escalationOf(open)).toBe('a'.repeat(32))
  expect(escalationOf(item('a', 4))).toBeUndefined()
  expect(escalationOf({ action: { name: 'acknowledge', path: '/auth/logout' } })).toBeUndefined()
  expect(asAcknowledged(open, counts, at(9))).toMatchObject({ item: { action: null, read_at: at(9) }, counts: { unread: 2, unseen: 1 } })
})

test('an item that moved while pages were loaded is listed once', () => {
  expect(listed([page([item('a', 9), item('b', 5)]), page([item('a', 4)])]).map((each) => each.id)).toEqual(['a', 'b'])
})

test('an own press counts at once, and counts once', () => {
  const one = item('a', 4)
  expect(asRead(one, true, counts, at(9)).counts.unread).toBe(2)
  expect(asRead({ ...one, read_at: at(5) }, true, counts, at(9)).counts.unread).toBe(3)
  expect(asRead({ ...one, read_at: at(5) }, false, counts, at(9)).counts.unread).toBe(4)
  expect(asRemoved(one, { unread: 0, unseen: 0 }).counts).toEqual({ unread: 0, unseen: 0 })
})

test('the badge has words and at most two digits', () => {
  expect([badgeWords({ unread: 0, unseen: 0 }), badgeWords({ unread: 2, unseen: 0 }), badgeWords({ unread: 2, unseen: 1 })]).toEqual([
    'Inbox', 'Inbox, 2 unread', 'Inbox, 2 unread, 1 new',
  ])
  expect([badgeNumber(99), badgeNumber(100)]).toEqual(['99', '99+'])
})

test('no item leads out of the app', () => {
  expect(['/documents/1?thread=2', '//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)'].map((path) => pathOf({ path }))).toEqual([
    '/documents/1?thread=2', '/inbox', '/inbox', '/inbox', '/inbox',
  ])
})

test('of the events of a person only those of the inbox change it, and one that was cut must be asked for', () => {
  const data = { at: at(5), counts }
  expect(changeOf({ type: 'counterpoint.notification.all_read.v1', data })).toEqual({ kind: 'all_read', at: at(5), counts })
  expect(changeOf({ type: 'counterpoint.membership.began.v1', data })).toBeNull()
  expect(changeOf({ type: 'counterpoint.notification.changed.v1', data: { counts, cut: ['item'] } })).toBeUndefined()
})
