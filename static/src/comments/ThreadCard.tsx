/** A thread: the words it is about, its comments, a reply, and whether it is dealt with. */

import { useState } from 'react'

import { newId, useAddComment, useSettle } from '../api/comments'
import { messageOf } from '../api/errors'
import type { Comment } from '../api/types'
import { Button } from '../ui/Button'
import { Icon } from '../ui/Icon'
import { useToast } from '../ui/Toasts'
import { Composer } from './Composer'
import { threadPath } from './landing'
import type { Written } from './mentions'
import { Remark } from './Remark'
import type { Room } from './room'

interface Props {
  room: Room
  thread: Comment
  isActive: boolean
  /** Its words are in the text, and can be shown. */
  hasPlace: boolean
  /** Its own words were deleted, and the same words stand in the text. */
  isByWords: boolean
  drafts: Map<string, Written>
  onActivate: () => void
  onReveal: () => void
}

export function ThreadCard({ room, thread, isActive, hasPlace, isByWords, drafts, onActivate, onReveal }: Props) {
  const quote = thread.anchor?.quote
  return (
    <section
      className={isActive ? 'thread thread-active' : 'thread'}
      aria-label={`Thread of ${thread.author_name}${quote ? ` on “${quote.slice(0, 60)}”` : ''}`}
      data-thread-card={thread.id}
      tabIndex={-1}
      onFocus={onActivate}
      onClick={onActivate}
    >
      {quote && <Quote text={quote} onReveal={hasPlace ? onReveal : null} />}
      {isByWords && <p className="soft">Its text was deleted; the same words are in the document.</p>}
      <Remark room={room} comment={thread} />
      {thread.replies.map((reply) => (
        <Remark key={reply.id} room={room} comment={reply} />
      ))}
      {thread.resolved_at && <p className="soft">Resolved by {nameOf(room, thread.resolved_by)}.</p>}
      {room.mayComment ? <Foot room={room} thread={thread} drafts={drafts} isActive={isActive} /> : <div className="actions"><CopyLink thread={thread} /></div>}
    </section>
  )
}

function Quote({ text, onReveal }: { text: string; onReveal: (() => void) | null }) {
  if (!onReveal) return <blockquote className="thread-quote">{text}</blockquote>
  return (
    <button type="button" className="thread-quote" title="Show it in the text" onClick={onReveal}>
      {text}
    </button>
  )
}

type FootProps = Pick<Props, 'room' | 'thread' | 'drafts' | 'isActive'>

function Foot({ room, thread, drafts, isActive }: FootProps) {
  const [wasReplying] = useState(() => drafts.has(thread.id))
  const [isReplying, setReplying] = useState(wasReplying)
  const [id, setId] = useState(newId)
  const add = useAddComment(room.document)
  const settle = useSettle(room.document)
  const say = useToast()
  const isResolved = thread.resolved_at !== null
  const sent = () => {
    drafts.delete(thread.id)
    setReplying(false)
    setId(newId())
  }
  if (isReplying) {
    return (
      <Composer
        label="Your reply"
        action="Reply"
        candidates={room.candidates}
        busy={add.isPending}
        error={add.error}
        // A card that moved while somebody wrote in it goes on where it was.
        autoFocus={!wasReplying || isActive}
        drafts={drafts}
        id={thread.id}
        onSend={(content) => add.mutate({ id, content, thread_id: thread.id }, { onSuccess: sent })}
        onCancel={() => setReplying(false)}
      />
    )
  }
  const change = () =>
    settle.mutate({ id: thread.id, resolved: !isResolved }, { onError: (error) => say(messageOf(error), { kind: 'error' }) })
  return (
    <div className="actions">
      <Button onClick={() => setReplying(true)}>Reply</Button>
      <Button look="quiet" busy={settle.isPending} onClick={change}>
        {isResolved ? 'Reopen' : 'Resolve'}
      </Button>
      <CopyLink thread={thread} />
    </div>
  )
}

/** The link lands on its words. */
function CopyLink({ thread }: { thread: Comment }) {
  const say = useToast()
  const url = location.origin + threadPath(thread.document_id, thread.id)
  const copy = () =>
    Promise.resolve()
      .then(() => navigator.clipboard.writeText(url))
      .then(
        () => say('The link is copied.'),
        () => say(`The browser did not let us copy. The link is ${url}`, { kind: 'error' }),
      )
  return (
    <button type="button" className="icon-button" aria-label="Copy a link to this thread" title="Copy a link to this thread" onClick={() => void copy()}>
      <Icon name="link" />
    </button>
  )
}

const nameOf = (room: Room, user: string | null) =>
  room.members.find((member) => member.user_id === user)?.username ?? 'a former member'
