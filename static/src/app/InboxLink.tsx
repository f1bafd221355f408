/** The way to the inbox, with what waits there. */

import { Link, useRoute } from 'wouter'

import { useCounts } from '../api/inbox'
import { badgeNumber, badgeWords } from '../inbox/model'
import { Icon } from '../ui/Icon'

export function InboxLink() {
  const [isHere] = useRoute('/inbox/*?')
  const counts = useCounts()
  const words = badgeWords(counts)
  return (
    <>
      <Link href="/inbox" className="icon-button inbox-link" aria-label={words} title={words} aria-current={isHere ? 'page' : undefined}>
        <Icon name="bell" />
        {counts.unread > 0 && (
          <span className={counts.unseen > 0 ? 'badge badge-new' : 'badge'} aria-hidden="true">
            {badgeNumber(counts.unread)}
          </span>
        )}
      </Link>
      <span className="visually-hidden" role="status">
        {counts.unseen > 0 && `${counts.unseen} new in your inbox`}
      </span>
    </>
  )
}
