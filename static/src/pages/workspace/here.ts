/** Who is in a workspace, and in which of its documents. */

import type { Participant } from '../../api/schema'
import type { Session } from '../../api/types'
import type { Present } from '../../live/presence'

/** What is read of a session. */
export interface Open extends Pick<Session, 'document_id'> {
  participants: readonly Pick<Participant, 'user_id' | 'username'>[]
}

export interface Somebody {
  key: string
  name: string
  isMe: boolean
}

/** The reader first, the others as they come. */
function inOrder(people: readonly Present[], me: string): Somebody[] {
  const all = people.map(({ id, name }) => ({ key: id, name, isMe: id === me }))
  return [...all.filter((each) => each.isMe), ...all.filter((each) => !each.isMe)]
}

/** The others: that one is here oneself is known. Who is in a document is here, also by an application that hears no events. */
export function othersHere(present: readonly Present[] | null, sessions: readonly Open[], me: string): Somebody[] | null {
  if (present === null) return null
  const all = new Map(present.map((each) => [each.id, each]))
  for (const { user_id, username } of sessions.flatMap(({ participants }) => participants)) all.set(user_id, { id: user_id, name: username })
  return inOrder([...all.values()], me).filter((each) => !each.isMe)
}

/** By document. */
export function peopleIn(sessions: readonly Open[], me: string): ReadonlyMap<string, Somebody[]> {
  return new Map(
    sessions.map(({ document_id, participants }) => [
      document_id,
      inOrder(participants.map(({ user_id, username }) => ({ id: user_id, name: username })), me),
    ]),
  )
}
