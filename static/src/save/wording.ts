/** The save state in words. */

import { hasUnsaved, type Ending, type SaveState } from './machine'

export type SaveKind = 'opening' | 'saved' | 'saving' | 'unsaved' | 'readonly'

export interface SaveWords {
  kind: SaveKind
  /** The state in a few words, as the header shows it. */
  text: string
  /** A sentence more, for the tooltip and the screen reader. */
  detail: string
}

const ENDINGS: Record<Ending, string> = {
  'signed-out': 'you are signed out',
  'no-access': 'you have no access any more',
  deleted: 'the document was deleted',
  refused: 'the server refused an edit',
  'over-quota': 'the document is too large',
  'not-kept': 'the document was brought back from a backup',
}

/** `clock` turns milliseconds into the time of day that the reader's clock shows. */
export function wordsOf(state: SaveState, clock: (at: number) => string): SaveWords {
  if (hasUnsaved(state)) return unsavedWords(state, clock)
  if (state.ending) return { kind: 'readonly', text: capital(ENDINGS[state.ending]), detail: 'Nothing of yours is lost.' }
  if (state.link === 'offline') return idleOfflineWords(state, clock)
  if (state.link === 'connecting') return { kind: 'opening', text: 'Connecting…', detail: 'Asking the server for the newest text.' }
  if (state.scope === 'readonly') return { kind: 'readonly', text: 'Read only', detail: 'You may read this document and not change it.' }
  if (!state.confirmed) return { kind: 'opening', text: 'Connecting…', detail: 'Waiting for the first word of the server.' }
  if (state.storeTrouble) {
    return { kind: 'saved', text: 'Saved', detail: `All your edits are stored. The server cannot store new ones now: ${state.storeTrouble}.` }
  }
  return { kind: 'saved', text: 'Saved', detail: 'All your edits are stored on the server.' }
}

function idleOfflineWords(state: SaveState, clock: (at: number) => string): SaveWords {
  const text = offlineText(state, clock)
  if (!state.confirmed) return { kind: 'opening', text: capital(text), detail: 'This is the copy of this device. It may be older than the server\'s.' }
  return { kind: 'saved', text: `Saved · ${text}`, detail: 'All your edits are stored on the server. It is tried again by itself.' }
}

function unsavedWords(state: SaveState, clock: (at: number) => string): SaveWords {
  const reason = troubleOf(state, clock)
  if (reason === null) return { kind: 'saving', text: 'Saving…', detail: 'Your last edits are on their way to the server.' }
  const onDevice = state.kept !== null && state.kept >= state.edits
  const device = onDevice ? 'Saved on this device: they survive a reload.' : 'They are only in this page: keep it open.'
  return {
    kind: 'unsaved',
    text: `Not saved: ${reason}${onDevice ? ' · saved on this device' : ''}`,
    detail: `Some of your edits are not on the server. ${device}`,
  }
}

/** Why the edits are not saved; null: they are just being saved. */
function troubleOf(state: SaveState, clock: (at: number) => string): string | null {
  if (state.ending) return ENDINGS[state.ending]
  if (state.link === 'offline') return offlineText(state, clock)
  if (state.scope === 'readonly') return 'you may only read this document'
  if (state.storeTrouble) return `the server cannot store now (${state.storeTrouble})`
  if (state.silent) return 'the server does not answer'
  return null
}

function offlineText(state: SaveState, clock: (at: number) => string): string {
  return state.offlineSince === null ? 'offline' : `offline since ${clock(state.offlineSince)}`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
