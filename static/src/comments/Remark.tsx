/** One comment of a thread, with what can be done to it. */

import { useState } from 'react'

import { useDeleteComment, useEditComment, useReact } from '../api/comments'
import { messageOf } from '../api/errors'
import type { Comment } from '../api/types'
import { Avatar } from '../ui/Avatar'
import { Confirm } from '../ui/Confirm'
import { Icon } from '../ui/Icon'
import { useToast } from '../ui/Toasts'
import { When } from '../ui/When'
import { Body } from './Body'
import { Composer } from './Composer'
import type { Room } from './room'

const EMOJI = ['👍', '❤️', '🎉', '😄', '👀', '✅']

export function Remark({ room, comment }: { room: Room; comment: Comment }) {
  const [doing, setDoing] = useState<'edit' | 'delete' | 'react' | null>(null)
  const done = () => setDoing(null)
  if (comment.deleted_at) {
    return <p className="soft remark">{comment.author_name} deleted this comment.</p>
  }
  const isMine = comment.author_id === room.me.id
  return (
    <article className="remark" aria-label={`Comment of ${comment.author_name}`}>
      <header className="remark-head">
        <Avatar id={comment.author_id} name={comment.author_name} />
        <p>
          <strong>{comment.author_name}</strong>{' '}
          <span className="soft">
            <When at={comment.created_at} />
            {comment.edited_at && ' · edited'}
          </span>
        </p>
        {room.mayComment && (
          <button type="button" className="icon-button" aria-label="React" title="React" aria-expanded={doing === 'react'} onClick={() => setDoing(doing === 'react' ? null : 'react')}>
            <Icon name="smile" />
          </button>
        )}
      </header>
      {doing === 'edit' ? <Edit room={room} comment={comment} onDone={done} /> : <Body content={comment.content} me={room.me.id} />}
      <Reactions room={room} comment={comment} isChoosing={doing === 'react'} onChosen={done} />
      {room.mayComment && doing !== 'edit' && (isMine || room.mayDeleteAny) && (
        <div className="remark-actions">
          {isMine && (
            <button type="button" onClick={() => setDoing('edit')}>
              Edit
            </button>
          )}
          <button type="button" onClick={() => setDoing('delete')}>
            Delete
          </button>
        </div>
      )}
      {doing === 'delete' && <Delete room={room} comment={comment} onDone={done} />}
    </article>
  )
}

interface Doing {
  room: Room
  comment: Comment
  onDone: () => void
}

function Edit({ room, comment, onDone }: Doing) {
  const edit = useEditComment(room.document)
  return (
    <Composer
      label="Edit your comment"
      action="Save"
      candidates={room.candidates}
      before={comment.content}
      busy={edit.isPending}
      error={edit.error}
      autoFocus
      onSend={(content) => edit.mutate({ id: comment.id, content }, { onSuccess: onDone })}
      onCancel={onDone}
    />
  )
}

function Delete({ room, comment, onDone }: Doing) {
  const remove = useDeleteComment(room.document)
  return (
    <Confirm
      title="Delete this comment?"
      action="Delete"
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate(comment.id, { onSuccess: onDone })}
      onClose={onDone}
    >
      <p>Its text is gone for good. Replies stay.</p>
    </Confirm>
  )
}

function Reactions({ room, comment, isChoosing, onChosen }: { room: Room; comment: Comment; isChoosing: boolean; onChosen: () => void }) {
  const react = useReact(room.document)
  const say = useToast()
  const toggle = (emoji: string, mine: boolean) => {
    react.mutate({ id: comment.id, emoji, mine }, { onError: (error) => say(messageOf(error), { kind: 'error' }) })
    onChosen()
  }
  if (comment.reactions.length === 0 && !isChoosing) return null
  return (
    <div className="reactions">
      {comment.reactions.map(({ emoji, count, mine, users }) => {
        const who = users.map((user) => user.username).join(', ')
        return (
          <button key={emoji} type="button" className="reaction" aria-pressed={mine} disabled={!room.mayComment} title={who} aria-label={`${emoji} ${count}: ${who}`} onClick={() => toggle(emoji, mine)}>
            {emoji} {count}
          </button>
        )
      })}
      {isChoosing &&
        EMOJI.filter((emoji) => !comment.reactions.some((each) => each.emoji === emoji)).map((emoji) => (
          <button key={emoji} type="button" className="reaction reaction-new" aria-label={`React with ${emoji}`} onClick={() => toggle(emoji, false)}>
            {emoji}
          </button>
        ))}
    </div>
  )
}
