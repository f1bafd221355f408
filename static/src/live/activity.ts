/** The activity of a workspace, with what has just happened on top. */

import type { EnvelopeActivity } from '../api/schema'
import type { Activity, ActivityItem } from '../api/types'
import { followerOf } from './lists'
import lines from './summaries.json'
import type { LiveEvent } from './track'
import { RELOAD } from './useLiveQuery'

interface Asked {
  user: string
  type: string
}

const LINES: Readonly<Record<string, string>> = lines

export const activityFollower = (asked: Asked) =>
  followerOf<EnvelopeActivity>((page, event, isFirst) => {
    const item = itemOf(event)
    if (item === null) return RELOAD
    if (!isFirst || !fits(item, asked)) return page
    const { stats, items } = page.data
    return { ...page, data: { ...page.data, items: [item, ...items], stats: stats && counted(stats, item) } }
  })

const fits = ({ type, actor }: ActivityItem, asked: Asked) =>
  (asked.type === '' || asked.type === type) && (asked.user === '' || asked.user === actor.id)

/** Null for an event whose line is not known here: a later version of the server tells it, or it was cut. */
function itemOf(event: LiveEvent): ActivityItem | null {
  const line = LINES[event.type]
  if (line === undefined || event.data.cut) return null
  const [type = '', id = ''] = split(event.subject)
  return {
    id: event.id,
    type: event.type,
    actor: { id: event.actor.startsWith('user/') ? split(event.actor)[1]! : null, kind: event.actorkind, name: event.actorname },
    at: event.time,
    target: { type, id },
    summary: line.replace(/\{([a-z_.]+)\}/g, (_, path: string) => String(valueAt(event, path))),
    seq: event.offset,
  }
}

const split = (reference: string) => [reference.slice(0, reference.indexOf('/')), reference.slice(reference.indexOf('/') + 1)]

/** `{actor}`, or a field of the event's data such as `{event.document.title}`. */
function valueAt(event: LiveEvent, path: string): unknown {
  if (path === 'actor') return event.actorname
  return path
    .split('.')
    .slice(1)
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], event.data)
}

type Stats = NonNullable<Activity['stats']>

function counted(stats: Stats, item: ActivityItem): Stats {
  return {
    by_day: increased(stats.by_day, (each) => each.day === item.at.slice(0, 10), { day: item.at.slice(0, 10), count: 1 }),
    by_user: increased(stats.by_user, (each) => each.user_id === item.actor.id, {
      user_id: item.actor.id,
      name: item.actor.id === null ? null : item.actor.name,
      count: 1,
    }),
    by_type: increased(stats.by_type, (each) => each.type === item.type, { type: item.type, count: 1 }),
  }
}

function increased<R extends { count: number }>(rows: readonly R[], isIt: (row: R) => boolean, fresh: R): R[] {
  if (!rows.some(isIt)) return [...rows, fresh]
  return rows.map((row) => (isIt(row) ? { ...row, count: row.count + 1 } : row))
}
