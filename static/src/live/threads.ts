/** The threads of a document, after an event. */

import type { Comment, Reaction, StreamPlace } from '../api/types'
import { moved } from './lists'
import type { LiveEvent } from './track'
import { RELOAD, type Follower } from './useLiveQuery'

export interface Threads {
  threads: Comment[]
  stream: StreamPlace | null
}

interface Told {
  document_id: string
  thread_id: string
  comment_id: string
  comment: { content: string; created_at: string; edited_at: string | null; author_id: string; author_name: string }
  deleted_at: string
  user_id: string
  user_name: string
  emoji: string
  added: boolean
  resolved_by: string
  resolved_at: string
}

/** Of a reaction the first hundred people are named; beyond that only the server knows who comes next. */
const NAMED = 100

export const threadsFollower = (document: string, me: string | undefined): Follower<Threads> => ({
  placeOf: ({ stream }) => stream,
  movedTo: moved,
  apply: (held, event) => {
    // Names stand in every comment.
    if (event.type === 'counterpoint.member.renamed.v1') return RELOAD
    const told = event.data as unknown as Told
    if (!/^counterpoint\.(comment|thread|anchor)\./.test(event.type) || told.document_id !== document) return held
    const thread = held.threads.find((each) => each.id === told.thread_id)
    const after = thread && !event.data.cut ? threadAfter(thread, event, told, me) : RELOAD
    if (after === RELOAD) return RELOAD
    return { ...held, threads: held.threads.map((each) => (each === thread ? after : each)) }
  },
})

/** Where a new thread stands is not in its event, nor what an anchor became: those are asked for. */
function threadAfter(thread: Comment, { type }: LiveEvent, told: Told, me: string | undefined): Comment | typeof RELOAD {
  switch (type) {
    case 'counterpoint.comment.added.v1':
      return withReply(thread, told)
    case 'counterpoint.comment.edited.v1':
      return changed(thread, told, (each) => ({ ...each, content: told.comment.content, edited_at: told.comment.edited_at }))
    case 'counterpoint.comment.deleted.v1':
      return changed(thread, told, (each) => ({ ...each, content: '', reactions: [], deleted_at: told.deleted_at }))
    case 'counterpoint.comment.reacted.v1':
      return reacted(thread, told, me)
    case 'counterpoint.thread.resolved.v1':
      return { ...thread, resolved_at: told.resolved_at, resolved_by: told.resolved_by }
    case 'counterpoint.thread.reopened.v1':
      return { ...thread, resolved_at: null, resolved_by: null }
    default:
      return RELOAD
  }
}

function withReply(thread: Comment, told: Told): Comment | typeof RELOAD {
  if (told.comment_id === thread.id) return RELOAD
  if (thread.replies.some((each) => each.id === told.comment_id)) return thread
  const reply: Comment = {
    id: told.comment_id,
    document_id: told.document_id,
    author_id: told.comment.author_id,
    author_name: told.comment.author_name,
    content: told.comment.content,
    thread_id: thread.id,
    replies: [],
    created_at: told.comment.created_at,
    edited_at: null,
    deleted_at: null,
    reactions: [],
    anchor: null,
    resolved_at: null,
    resolved_by: null,
  }
  return { ...thread, replies: [...thread.replies, reply] }
}

function changed(thread: Comment, { comment_id }: Told, change: (comment: Comment) => Comment): Comment {
  if (thread.id === comment_id) return change(thread)
  return { ...thread, replies: thread.replies.map((each) => (each.id === comment_id ? change(each) : each)) }
}

function reacted(thread: Comment, told: Told, me: string | undefined): Comment | typeof RELOAD {
  const comment = [thread, ...thread.replies].find((each) => each.id === told.comment_id)
  const reactions = comment && reactionsAfter(comment.reactions, told, me)
  if (reactions === undefined) return RELOAD
  return changed(thread, told, (each) => ({ ...each, reactions }))
}

/** Undefined where only the server knows. */
function reactionsAfter(reactions: Reaction[], told: Told, me: string | undefined): Reaction[] | undefined {
  const held = reactions.find((each) => kindOf(each.emoji) === kindOf(told.emoji))
  if (held === undefined) return told.added ? [...reactions, withUser({ emoji: told.emoji, count: 0, mine: false, users: [] }, told, me)] : undefined
  if (held.count >= NAMED) return undefined
  const isThere = held.users.some((user) => user.user_id === told.user_id)
  if (isThere === told.added) return reactions
  if (told.added) return reactions.map((each) => (each === held ? withUser(held, told, me) : each))
  // The one who came first decides how it is drawn and where it stands.
  if (held.users[0]?.user_id === told.user_id && held.count > 1) return undefined
  const users = held.users.filter((user) => user.user_id !== told.user_id)
  const left = { ...held, users, count: users.length, mine: held.mine && told.user_id !== me }
  return reactions.flatMap((each) => (each !== held ? each : users.length > 0 ? left : []))
}

const withUser = (held: Reaction, { user_id, user_name }: Told, me: string | undefined): Reaction => ({
  ...held,
  count: held.count + 1,
  mine: held.mine || user_id === me,
  users: [...held.users, { user_id, username: user_name }],
})

/** With and without the mark that asks for the coloured drawing it is the same emoji. */
const kindOf = (emoji: string) => emoji.replaceAll('\ufe0f', '')
