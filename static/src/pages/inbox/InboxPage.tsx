import { useEffect, useState } from 'react'
import { Link } from 'wouter'

import { messageOf } from '../../api/errors'
import { useAcknowledge, useInbox, useMarkAllRead, useMarkAllSeen, useMarkRead, useRemove } from '../../api/inbox'
import type { Me } from '../../api/types'
import type { Filter } from '../../inbox/model'
import { Button } from '../../ui/Button'
import { LoadFailed } from '../../ui/Notice'
import { Skeleton } from '../../ui/Skeleton'
import { useToast } from '../../ui/Toasts'
import { useTitle } from '../../ui/useTitle'
import { InboxRow } from './InboxRow'
import { useKeys, type Presses } from './useKeys'

/** What concerns the reader, newest first. */
export function InboxPage({ me }: { me: Me }) {
  const [filter, setFilter] = useState<Filter>('all')
  const inbox = useInbox(me.id, filter)
  const unread = inbox.counts?.unread ?? 0
  const presses = usePresses()
  useTitle(unread > 0 ? `Inbox (${unread})` : 'Inbox')
  useKeys(inbox.items, presses)
  useSeen(inbox.counts?.unseen ?? 0)
  return (
    <div className="page page-narrow">
      <Head unread={unread} />
      <div role="group" aria-label="Which notifications" className="segments inbox-segments">
        {(['all', 'unread'] as const).map((each) => (
          <button key={each} type="button" aria-pressed={filter === each} onClick={() => setFilter(each)}>
            {each === 'all' ? 'All' : `Unread${unread > 0 ? ` (${unread})` : ''}`}
          </button>
        ))}
      </div>
      {inbox.isPending && <Skeleton rows={5} label="Loading the inbox" />}
      {inbox.isError && <LoadFailed error={inbox.error} onRetry={() => void inbox.refetch()} />}
      {inbox.isSuccess && inbox.items.length === 0 && <Empty filter={filter} />}
      {inbox.items.length > 0 && (
        <ul className="rows" aria-label="Notifications">
          {inbox.items.map((item) => (
            <InboxRow key={item.id} item={item} presses={presses} />
          ))}
        </ul>
      )}
      {inbox.hasNextPage && (
        <Button busy={inbox.isFetchingNextPage} onClick={() => void inbox.fetchNextPage()}>
          Load older
        </Button>
      )}
    </div>
  )
}

function Head({ unread }: { unread: number }) {
  const readAll = useMarkAllRead()
  const failed = useFailed()
  return (
    <header className="page-head">
      <h1>Inbox</h1>
      <div className="actions">
        <Button disabled={unread === 0} busy={readAll.isPending} onClick={() => readAll.mutate(undefined, { onError: failed })}>
          Mark all as read
        </Button>
        <Link href="/inbox/settings" className="button button-quiet">
          Settings
        </Link>
      </div>
    </header>
  )
}

function Empty({ filter }: { filter: Filter }) {
  return (
    <div className="empty">
      <p>{filter === 'unread' ? 'You have read everything.' : 'Nothing yet.'}</p>
      {filter === 'all' && <p className="soft">Mentions, replies and invitations come here.</p>}
    </div>
  )
}

function usePresses(): Presses {
  const mark = useMarkRead()
  const acknowledge = useAcknowledge()
  const remove = useRemove()
  const onError = useFailed()
  return {
    read: (item, isRead) => mark.mutate({ item, isRead }, { onError }),
    acknowledge: (item) => acknowledge.mutate(item, { onError }),
    remove: (item) => remove.mutate(item, { onError }),
  }
}

function useFailed(): (error: Error) => void {
  const say = useToast()
  return (error) => say(messageOf(error), { kind: 'error' })
}

/** What is listed while the page is looked at has been seen. */
function useSeen(unseen: number): void {
  const { mutate } = useMarkAllSeen()
  useEffect(() => {
    const look = () => unseen > 0 && document.visibilityState === 'visible' && mutate()
    look()
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [unseen, mutate])
}
