import { Link } from 'wouter'

import { escalationOf, pathOf, type InboxItem } from '../../inbox/model'
import { Avatar } from '../../ui/Avatar'
import { Button } from '../../ui/Button'
import { Icon } from '../../ui/Icon'
import { When } from '../../ui/When'
import type { Presses } from './useKeys'
import { kindWords, SEVERITIES } from './words'

/** One thing that concerns the reader; to open it is to have read it. */
export function InboxRow({ item, presses }: { item: InboxItem; presses: Presses }) {
  const isUnread = item.read_at === null
  return (
    <li className={isUnread ? 'row inbox-row inbox-unread' : 'row inbox-row'} aria-label={`${isUnread ? 'Unread: ' : ''}${item.title}`}>
      <Avatar id={item.actor?.id ?? item.kind} name={item.actor?.name ?? kindWords(item.kind)} />
      <div className="row-main">
        <Link href={pathOf(item)} className="row-title inbox-title" data-inbox-item={item.id} onClick={() => isUnread && presses.read(item, true)}>
          {item.title}
        </Link>
        {item.text && <p className="inbox-text clamp">{item.text}</p>}
        <div className="soft meta">
          {item.severity !== 'info' && <span className={`inbox-severity inbox-${item.severity}`}>{SEVERITIES[item.severity]}</span>}
          <span>{kindWords(item.kind)}</span>
          <span>
            <When at={item.updated_at} />
          </span>
        </div>
        {escalationOf(item) && (
          <div className="inbox-action">
            <Button look="main" title="Acknowledge (a)" aria-label={`Acknowledge: ${item.title}`} onClick={() => presses.acknowledge(item)}>
              Acknowledge
            </Button>
          </div>
        )}
        {item.count > 1 && <Earlier item={item} />}
      </div>
      <RowActions item={item} presses={presses} />
    </li>
  )
}

/** What was folded into it, newest first. */
function Earlier({ item }: { item: InboxItem }) {
  const activities = [...item.activities].sort((a, b) => Date.parse(b.at) - Date.parse(a.at))
  return (
    <details className="folded">
      <summary>{item.count} in all</summary>
      <ul className="plain-list">
        {activities.map((each) => (
          <li key={each.event_id}>
            {each.text}{' '}
            <span className="soft">
              <When at={each.at} />
            </span>
          </li>
        ))}
        {item.count > activities.length && <li className="soft">and {item.count - activities.length} earlier</li>}
      </ul>
    </details>
  )
}

function RowActions({ item, presses }: { item: InboxItem; presses: Presses }) {
  const isUnread = item.read_at === null
  const read = isUnread ? 'Mark as read (e)' : 'Mark as unread (u)'
  return (
    <div className="row-actions">
      <button type="button" className="icon-button" title={read} aria-label={`${isUnread ? 'Mark as read' : 'Mark as unread'}: ${item.title}`} onClick={() => presses.read(item, isUnread)}>
        <Icon name={isUnread ? 'check' : 'dot'} />
      </button>
      <button type="button" className="icon-button" title="Remove (Delete)" aria-label={`Remove: ${item.title}`} onClick={() => presses.remove(item)}>
        <Icon name="close" />
      </button>
    </div>
  )
}
