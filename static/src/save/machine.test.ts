import { describe, expect, test } from 'vitest'

import { hasUnsaved, initialState, next, type SaveEvent, type SaveState } from './machine'
import { wordsOf } from './wording'

const clock = (at: number) => `at ${at}`

function after(events: SaveEvent[], from: SaveState = initialState(false, 'read-write')): SaveState {
  return events.reduce(next, from)
}

const words = (state: SaveState) => wordsOf(state, clock)
const LIVE: SaveEvent[] = [{ type: 'live' }, { type: 'barrier-sent', number: 1 }, { type: 'barrier-echoed', number: 1 }]

describe('saved', () => {
  test('is not said before a barrier came back', () => {
    expect(words(after([{ type: 'live' }])).kind).toBe('opening')
    expect(words(after(LIVE))).toMatchObject({ kind: 'saved', text: 'Saved' })
  })

  test('waits for the barrier that was sent after the edit', () => {
    const sent = after([{ type: 'edited' }, { type: 'barrier-sent', number: 2 }], after(LIVE))
    expect(words(sent).kind).toBe('saving')
    expect(words(next(sent, { type: 'barrier-echoed', number: 2 })).kind).toBe('saved')
  })

  test('is not said when something was typed after the barrier', () => {
    const typed = after(
      [{ type: 'edited' }, { type: 'barrier-sent', number: 2 }, { type: 'edited' }, { type: 'barrier-echoed', number: 2 }],
      after(LIVE),
    )
    expect(words(typed).kind).toBe('saving')
    expect(typed.edits - typed.saved).toBe(1)
  })

  test('is not said for the echo of an earlier barrier', () => {
    const events: SaveEvent[] = [
      { type: 'edited' },
      { type: 'barrier-sent', number: 2 },
      { type: 'edited' },
      { type: 'barrier-sent', number: 3 },
      { type: 'barrier-echoed', number: 2 },
    ]
    expect(hasUnsaved(after(events, after(LIVE)))).toBe(true)
    expect(hasUnsaved(after([...events, { type: 'barrier-echoed', number: 3 }], after(LIVE)))).toBe(false)
  })

  test('is not said for a barrier of a connection that was lost', () => {
    const lost = after(
      [
        { type: 'edited' },
        { type: 'barrier-sent', number: 2 },
        { type: 'offline', at: 5 },
        { type: 'live' },
        { type: 'barrier-echoed', number: 2 },
      ],
      after(LIVE),
    )
    expect(hasUnsaved(lost)).toBe(true)
  })

  test('holds while offline, when nothing was typed since', () => {
    expect(words(after([{ type: 'offline', at: 7 }], after(LIVE)))).toMatchObject({
      kind: 'saved',
      text: 'Saved · offline since at 7',
    })
  })
})

describe('not saved', () => {
  const edited = after([{ type: 'edited' }], after(LIVE))

  test('says since when it is offline, and that the device keeps the edits only when it does', () => {
    const offline = next(edited, { type: 'offline', at: 9 })
    expect(words(offline).text).toBe('Not saved: offline since at 9')
    expect(words(next(offline, { type: 'kept', edits: 1 })).text).toBe('Not saved: offline since at 9 · saved on this device')
    const more = after([{ type: 'kept', edits: 1 }, { type: 'edited' }], offline)
    expect(words(more).text).toBe('Not saved: offline since at 9')
    const never = after([{ type: 'cannot-keep' }, { type: 'kept', edits: 1 }], offline)
    expect(words(never).text).toBe('Not saved: offline since at 9')
  })

  test('keeps the first time of a loss while it tries again', () => {
    const state = after([{ type: 'offline', at: 9 }, { type: 'connecting' }, { type: 'offline', at: 30 }], edited)
    expect(words(state).text).toBe('Not saved: offline since at 9')
    expect(next(state, { type: 'live' }).offlineSince).toBeNull()
  })

  test('says what the server says of its store', () => {
    const failing = next(edited, { type: 'store', trouble: 'disk full' })
    expect(words(failing).text).toContain('disk full')
    expect(words(next(failing, { type: 'store', trouble: null })).kind).toBe('saving')
    expect(words(next(after(LIVE), { type: 'store', trouble: 'disk full' })).kind).toBe('saved')
  })

  test('says that the server is silent only while an echo is due', () => {
    expect(words(next(edited, { type: 'silent' })).kind).toBe('saving')
    const waiting = after([{ type: 'barrier-sent', number: 2 }, { type: 'silent' }], edited)
    expect(words(waiting).text).toBe('Not saved: the server does not answer')
    expect(words(next(waiting, { type: 'barrier-echoed', number: 2 })).kind).toBe('saved')
  })

  test.each(['signed-out', 'no-access', 'deleted', 'refused', 'over-quota', 'not-kept'] as const)('says why after %s', (ending) => {
    expect(words(next(edited, { type: 'ended', ending })).kind).toBe('unsaved')
    expect(words(next(after(LIVE), { type: 'ended', ending })).kind).toBe('readonly')
  })

  test('goes on after signing in again', () => {
    const again = after(
      [{ type: 'ended', ending: 'signed-out' }, { type: 'resumed' }, { type: 'live' }, { type: 'barrier-sent', number: 2 }],
      edited,
    )
    expect(words(again).kind).toBe('saving')
    expect(words(next(again, { type: 'barrier-echoed', number: 2 })).kind).toBe('saved')
  })

  test('is said of edits that an earlier page left on the device', () => {
    const left = initialState(true, 'read-write')
    expect(hasUnsaved(left)).toBe(true)
    expect(words(next(left, { type: 'offline', at: 3 })).text).toBe('Not saved: offline since at 3 · saved on this device')
    expect(hasUnsaved(after(LIVE, left))).toBe(false)
  })
})

describe('read only', () => {
  test('is told to a viewer', () => {
    expect(words(after([{ type: 'scope', scope: 'readonly' }], after(LIVE))).kind).toBe('readonly')
  })

  test('is told when the right was taken away in the middle of an edit', () => {
    const taken = after([{ type: 'edited' }, { type: 'scope', scope: 'readonly' }], after(LIVE))
    expect(words(taken).text).toContain('you may only read')
  })

  test('makes the echo of an earlier barrier worthless: the edits before it may have been dropped', () => {
    const events: SaveEvent[] = [
      { type: 'edited' },
      { type: 'barrier-sent', number: 2 },
      { type: 'scope', scope: 'readonly' },
      { type: 'barrier-echoed', number: 2 },
    ]
    expect(hasUnsaved(after(events, after(LIVE)))).toBe(true)
  })
})
