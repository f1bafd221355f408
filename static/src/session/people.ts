/** Who is here, as the presence of the room tells. */

import type { Awareness } from 'y-protocols/awareness'

export interface Person {
  /** The user's id; for clients of other makers that name none, the id of their replica. */
  key: string
  name: string
  isMe: boolean
}

interface State {
  user?: { id?: unknown; name?: unknown }
}

/** One entry for each person, however many windows they have open; the reader comes first. */
export function peopleIn(awareness: Awareness, me: string): Person[] {
  const found = new Map<string, Person>()
  for (const [client, state] of awareness.getStates() as Map<number, State>) {
    if (!state.user && client !== awareness.clientID) continue
    const key = keyOf(state, client)
    if (!found.has(key)) found.set(key, { key, name: nameOf(state), isMe: key === me })
  }
  return [...found.values()].sort((a, b) => Number(b.isMe) - Number(a.isMe) || a.name.localeCompare(b.name))
}

export function keyOf(state: State, client: number): string {
  return typeof state.user?.id === 'string' ? state.user.id : `client-${client}`
}

export function nameOf(state: State): string {
  const name = state.user?.name
  return typeof name === 'string' && name.trim() !== '' ? name.trim().slice(0, 100) : 'Guest'
}
