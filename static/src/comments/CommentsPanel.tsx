/** The comments beside the text; where there is no room for that, on a sheet over it. */

import { useLayoutEffect, useRef, useState, type ReactNode } from 'react'

import { newId, useAddComment } from '../api/comments'
import type { Comment } from '../api/types'
import { ConnectionMark } from '../live/ConnectionMark'
import { Icon } from '../ui/Icon'
import { LoadFailed } from '../ui/Notice'
import { Skeleton } from '../ui/Skeleton'
import { Composer } from './Composer'
import type { Room } from './room'
import { ThreadCard } from './ThreadCard'
import { DRAFT, type Comments } from './useComments'
import { useStack } from './useStack'

interface Props {
  room: Room
  comments: Comments
}

export function CommentsPanel({ room, comments }: Props) {
  const { query, groups, shown, draft } = comments
  const column = useRef<HTMLDivElement>(null)
  useStack(column, comments)
  const isEmpty = !draft && groups.placed.length + groups.whole.length + groups.orphaned.length === 0
  return (
    <aside className="comments" aria-label="Comments" data-testid="comments" onKeyDown={(event) => event.key === 'Escape' && comments.layer.focus()}>
      <Head room={room} comments={comments} />
      <ConnectionMark />
      {query.isPending && query.fetchStatus === 'fetching' && <Skeleton rows={2} label="Loading comments" />}
      {query.isPending && query.fetchStatus !== 'fetching' && <p className="soft">Comments are shown once the server can be reached.</p>}
      {query.isError && <LoadFailed error={query.error} onRetry={() => void query.refetch()} />}
      {query.isSuccess && isEmpty && <Empty shown={shown} mayComment={room.mayComment} />}
      <Apart title="About the whole document" threads={groups.whole} {...{ room, comments }} />
      <Apart title="Their text was deleted" threads={groups.orphaned} {...{ room, comments }} />
      {draft && !draft.anchor && <NewThread room={room} comments={comments} />}
      <div className="comments-column" ref={column}>
        {inOrder(groups.placed, comments).map((thread) =>
          thread === null ? (
            <Slot key={DRAFT} id={DRAFT}>
              <NewThread room={room} comments={comments} />
            </Slot>
          ) : (
            <Slot key={thread.id} id={thread.id}>
              <Card room={room} comments={comments} thread={thread} hasPlace />
            </Slot>
          ),
        )}
      </div>
    </aside>
  )
}

/** The draft (null) stands among the threads where its words are. */
function inOrder(placed: readonly Comment[], { draft, spans }: Comments): (Comment | null)[] {
  if (!draft?.anchor) return [...placed]
  const from = spans?.get(DRAFT)?.from ?? 0
  const after = placed.findIndex((thread) => (spans?.get(thread.id)?.from ?? 0) > from)
  const at = after < 0 ? placed.length : after
  return [...placed.slice(0, at), null, ...placed.slice(at)]
}

const Slot = ({ id, children }: { id: string; children: ReactNode }) => (
  <div className="comments-slot" data-slot={id}>
    {children}
  </div>
)

function Head({ room, comments }: Props) {
  const { shown, setShown, setOpen, begin } = comments
  return (
    <header className="comments-head">
      <h2>Comments</h2>
      <div role="group" aria-label="Which threads" className="segments">
        {(['open', 'resolved'] as const).map((each) => (
          <button key={each} type="button" aria-pressed={shown === each} onClick={() => setShown(each)}>
            {each === 'open' ? 'Open' : 'Resolved'}
          </button>
        ))}
      </div>
      {room.mayComment && (
        <button
          type="button"
          className="icon-button"
          aria-label="New comment"
          title="New comment, on what is selected or on the document (Ctrl+Alt+M)"
          onMouseDown={(event) => event.preventDefault()}
          onClick={begin}
        >
          <Icon name="plus" />
        </button>
      )}
      <button type="button" className="icon-button" aria-label="Close the comments" title="Close the comments" onClick={() => setOpen(false)}>
        <Icon name="close" />
      </button>
    </header>
  )
}

function Empty({ shown, mayComment }: { shown: 'open' | 'resolved'; mayComment: boolean }) {
  if (shown === 'resolved') return <p className="soft">No thread is resolved.</p>
  return <p className="soft">No open comments.{mayComment && ' Select some text and choose Comment.'}</p>
}

/** Threads that stand beside no words, and why; folded, so that the others stand beside theirs. */
function Apart({ title, threads, room, comments }: Props & { title: string; threads: readonly Comment[] }) {
  const fold = useRef<HTMLDetailsElement>(null)
  const hasActive = threads.some((thread) => thread.id === comments.active)
  const isAlone = comments.groups.placed.length === 0
  // What one is reading does not vanish when its words do; and nothing is folded away from an empty column.
  useLayoutEffect(() => {
    if ((hasActive || isAlone) && fold.current) fold.current.open = true
  }, [hasActive, isAlone])
  if (threads.length === 0) return null
  return (
    <section className="comments-apart" aria-label={title}>
      <details ref={fold}>
        <summary>
          {title} ({threads.length})
        </summary>
        {threads.map((thread) => (
          <Card key={thread.id} room={room} comments={comments} thread={thread} hasPlace={false} />
        ))}
      </details>
    </section>
  )
}

function Card({ room, comments, thread, hasPlace }: Props & { thread: Comment; hasPlace: boolean }) {
  return (
    <ThreadCard
      room={room}
      thread={thread}
      isActive={comments.active === thread.id}
      isByWords={comments.spans?.get(thread.id)?.isByWords ?? false}
      drafts={comments.drafts}
      hasPlace={hasPlace && (comments.spans?.has(thread.id) ?? false)}
      onActivate={() => comments.setActive(thread.id)}
      onReveal={() => comments.layer.reveal(thread.id)}
    />
  )
}

function NewThread({ room, comments }: Props) {
  const { draft, setDraft, setActive, layer } = comments
  const [id] = useState(newId)
  const add = useAddComment(room.document)
  const form = useRef<HTMLElement>(null)
  useLayoutEffect(() => void form.current?.scrollIntoView({ block: 'nearest' }), [])
  if (!draft) return null
  const leave = () => {
    setDraft(null)
    layer.focus()
  }
  const done = () => {
    comments.drafts.delete(DRAFT)
    setDraft(null)
    setActive(id)
  }
  const send = (content: string) => add.mutate({ id, content, ...(draft.anchor && { anchor: draft.anchor }) }, { onSuccess: done })
  return (
    <section className="thread thread-active" ref={form} aria-label="New comment">
      {draft.quote ? <blockquote className="thread-quote">{draft.quote}</blockquote> : <p className="soft">On the whole document</p>}
      <Composer label="Your comment" action="Comment" candidates={room.candidates} busy={add.isPending} error={add.error} autoFocus drafts={comments.drafts} id={DRAFT} onSend={send} onCancel={leave} />
    </section>
  )
}
