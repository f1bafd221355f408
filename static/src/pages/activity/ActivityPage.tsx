import { useState } from 'react'
import { Link } from 'wouter'

import { useActivity, type ActivityFilter } from '../../api/activity'
import { ApiError } from '../../api/errors'
import type { ActivityItem, Member } from '../../api/types'
import { useWorkspace } from '../../api/workspaces'
import { NotFound } from '../../app/NotFound'
import { Avatar } from '../../ui/Avatar'
import { Button } from '../../ui/Button'
import { SelectField } from '../../ui/Field'
import { Icon } from '../../ui/Icon'
import { LoadFailed } from '../../ui/Notice'
import { Skeleton } from '../../ui/Skeleton'
import { useTitle } from '../../ui/useTitle'
import { When } from '../../ui/When'
import { typeWords } from './words'

const SINCE = { 1: 'The last day', 7: 'The last 7 days', 30: 'The last 30 days', 365: 'The last year' }

/** What has happened in a workspace, newest first. */
export function ActivityPage({ id }: { id: string }) {
  const workspace = useWorkspace(id)
  const [filter, setFilter] = useState<ActivityFilter>({ days: 7, user: '', type: '' })
  const activity = useActivity(id, filter)
  const name = workspace.data?.name ?? 'Workspace'
  useTitle(`Activity of ${name}`)
  if (workspace.error instanceof ApiError && workspace.error.status === 404) return <NotFound what="workspace" />
  return (
    <div className="page page-narrow">
      <nav aria-label="Breadcrumb" className="crumbs">
        <Link href={`/workspaces/${id}`}>
          <Icon name="back" />
          {name}
        </Link>
      </nav>
      <h1>Activity</h1>
      <Filters workspace={id} members={workspace.data?.members ?? []} filter={filter} onChange={setFilter} />
      {activity.isPending && <Skeleton rows={6} label="Loading the activity" />}
      {activity.isError && <LoadFailed error={activity.error} onRetry={() => void activity.refetch()} />}
      {activity.isSuccess && <List items={activity.items} />}
      {activity.hasNextPage && (
        <Button busy={activity.isFetchingNextPage} onClick={() => void activity.fetchNextPage()}>
          Load older
        </Button>
      )}
    </div>
  )
}

interface FilterProps {
  workspace: string
  members: readonly Member[]
  filter: ActivityFilter
  onChange: (filter: ActivityFilter) => void
}

/** The kinds are those that there were, whatever else is chosen. */
function Filters({ workspace, members, filter, onChange }: FilterProps) {
  const all = useActivity(workspace, { ...filter, user: '', type: '' })
  const types = new Set([...(all.stats?.by_type ?? []).map((each) => each.type), ...(filter.type ? [filter.type] : [])])
  const kinds = Object.fromEntries([['', 'Everything'], ...[...types].sort().map((type) => [type, typeWords(type)])])
  const people = Object.fromEntries([['', 'Everybody'], ...members.map((member) => [member.user_id, member.username])])
  return (
    <div className="filters" role="group" aria-label="Which activity">
      <SelectField label="What" options={kinds} value={filter.type} onChange={(event) => onChange({ ...filter, type: event.target.value })} />
      <SelectField label="Who" options={people} value={filter.user} onChange={(event) => onChange({ ...filter, user: event.target.value })} />
      <SelectField label="Since" options={SINCE} value={String(filter.days)} onChange={(event) => onChange({ ...filter, days: Number(event.target.value) })} />
    </div>
  )
}

function List({ items }: { items: readonly ActivityItem[] }) {
  if (items.length === 0) {
    return (
      <div className="empty">
        <p>Nothing of this kind in this time.</p>
      </div>
    )
  }
  return (
    <ul className="rows" aria-label="What has happened">
      {items.map((item) => (
        <li key={item.id} className="row">
          <Avatar id={item.actor.id ?? item.actor.kind} name={item.actor.name} />
          <div className="row-main">
            <p className="activity-summary">
              {item.target.type === 'document' ? <Link href={`/documents/${item.target.id}`}>{item.summary}</Link> : item.summary}
            </p>
            <p className="soft meta">
              {!item.summary.startsWith(item.actor.name) && <span>by {item.actor.name}</span>}
              <span>
                <When at={item.at} />
              </span>
            </p>
          </div>
        </li>
      ))}
    </ul>
  )
}
