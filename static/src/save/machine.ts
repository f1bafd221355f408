/**
 * What may truthfully be said about the edits of this page. Pure: events in, state out, no clock and no socket.
 *
 * An edit is saved when the server has echoed a barrier that was sent after it: the server echoes a barrier when
 * everything that came before it is committed. Edits are counted; a barrier remembers the count it covers.
 */

export type Scope = 'read-write' | 'readonly'

/** Why the document can be used no longer on this page. */
export type Ending = 'signed-out' | 'no-access' | 'deleted' | 'refused' | 'over-quota' | 'not-kept'

export interface SaveState {
  /** Local edits so far, and how many of them are committed for certain. */
  edits: number
  saved: number
  /** How many of them this device keeps across a reload; null when it cannot keep any. */
  kept: number | null
  /** The last barrier sent on this connection, and the edits it covers. */
  barrier: { number: number; covers: number } | null
  /** Has any barrier come back since the page opened? Before that nothing is known. */
  confirmed: boolean
  link: 'connecting' | 'live' | 'offline'
  /** When the connection was lost, in milliseconds since 1970. */
  offlineSince: number | null
  /** The echo is overdue. */
  silent: boolean
  /** The server says that its store fails, and why. */
  storeTrouble: string | null
  scope: Scope | null
  ending: Ending | null
}

export type SaveEvent =
  | { type: 'edited' }
  | { type: 'kept'; edits: number }
  | { type: 'cannot-keep' }
  | { type: 'connecting' }
  | { type: 'live' }
  | { type: 'offline'; at: number }
  | { type: 'barrier-sent'; number: number }
  | { type: 'barrier-echoed'; number: number }
  | { type: 'silent' }
  | { type: 'store'; trouble: string | null }
  | { type: 'scope'; scope: Scope }
  | { type: 'ended'; ending: Ending }
  | { type: 'resumed' }

/** `inherited`: the local copy holds edits of an earlier page that were not confirmed. */
export function initialState(inherited: boolean, scope: Scope | null): SaveState {
  return {
    edits: inherited ? 1 : 0,
    saved: 0,
    kept: inherited ? 1 : 0,
    barrier: null,
    confirmed: false,
    link: 'connecting',
    offlineSince: null,
    silent: false,
    storeTrouble: null,
    scope,
    ending: null,
  }
}

export function next(state: SaveState, event: SaveEvent): SaveState {
  switch (event.type) {
    case 'edited':
      return { ...state, edits: state.edits + 1 }
    case 'kept':
      return state.kept === null ? state : { ...state, kept: Math.max(state.kept, event.edits) }
    case 'cannot-keep':
      return { ...state, kept: null }
    case 'barrier-sent':
      return { ...state, barrier: { number: event.number, covers: state.edits } }
    case 'barrier-echoed':
      return echoed(state, event.number)
    case 'silent':
      return { ...state, silent: state.barrier !== null }
    case 'store':
      return { ...state, storeTrouble: event.trouble }
    case 'scope':
      // What a reader sends is dropped, and its barriers are echoed all the same: they say nothing about edits.
      return { ...state, scope: event.scope, barrier: event.scope === 'readonly' ? null : state.barrier }
    case 'ended':
      return { ...state, ending: event.ending, barrier: null, silent: false }
    case 'resumed':
      return { ...state, ending: null, link: 'connecting' }
    default:
      return linked(state, event)
  }
}

/** Only the echo of the last barrier counts; an earlier one covers less, and its successor is on its way. */
function echoed(state: SaveState, number: number): SaveState {
  if (state.barrier?.number !== number) return { ...state, silent: false }
  const saved = Math.max(state.saved, state.barrier.covers)
  return { ...state, saved, barrier: null, confirmed: true, silent: false }
}

/** A barrier of a connection that is gone will never be echoed. */
function linked(state: SaveState, event: { type: 'connecting' | 'live' } | { type: 'offline'; at: number }): SaveState {
  const known = { ...state, barrier: null, silent: false }
  if (event.type === 'live') return { ...known, link: 'live', offlineSince: null }
  const offlineSince = event.type === 'offline' ? (state.offlineSince ?? event.at) : state.offlineSince
  // While it tries again after a loss it stays offline for the reader: "connecting" would flicker.
  const link = event.type === 'offline' || offlineSince !== null ? 'offline' : 'connecting'
  return { ...known, link, offlineSince, storeTrouble: null }
}

export function hasUnsaved(state: SaveState): boolean {
  return state.edits > state.saved
}
