/** One open document: its replica, the link to the server, the local copy, and the truth about all three. */

import { Doc } from 'yjs'

import { fetchMe } from '../api/auth'
import type { Me } from '../api/types'
import { copyName, removeCopy } from '../device/copies'
import { recallHead, rememberHead } from '../device/heads'
import { UnsavedMarks } from '../device/unsaved'
import { colourOf } from '../editor/colours'
import { ForeignWatch } from '../editor/foreign'
import { makeSchema } from '../editor/schema'
import { hasUnsaved, initialState, next, type Ending, type SaveEvent, type SaveState, type Scope } from '../save/machine'
import { Barriers } from './barriers'
import { verdictOfCode, verdictOfReason, type Verdict } from './endings'
import { Link } from './link'
import { LocalCopy } from './localCopy'
import { peopleIn, type Person } from './people'
import { unreadIn } from './unread'

const WAIT_MS = 5_000
const PROBE_MS = 1_000

export interface SessionView {
  save: SaveState
  people: Person[]
  /** The text can be shown: it came from the server, or there is a local copy of it. */
  ready: boolean
  /** How many changes the server cannot read, and leaves out where it shows the text itself. */
  unread: number
  /**
   * `asked`: the document was brought back from a backup, and the server is given this copy. `renew`: it has it, so the
   * document is to be opened anew, without the copy.
   */
  stale: 'asked' | 'renew' | null
}

export class DocumentSession {
  readonly doc = new Doc()
  /** From the first byte on: nothing foreign may reach an editor. */
  readonly foreign = new ForeignWatch(this.doc, makeSchema())
  title = 'Untitled'
  private view: SessionView
  private readonly listeners = new Set<() => void>()
  private readonly marks: UnsavedMarks
  private readonly copy: LocalCopy
  private readonly link: Link
  private readonly barriers: Barriers
  private isClosed = false
  /** Which incarnation of the document this replica is of; null: it is not known yet. */
  private incarnation: string | null = null
  /** How many edits there were when the server asked for all of this copy. */
  private editsWhenAsked = 0

  constructor(
    readonly me: Me,
    readonly document: string,
  ) {
    this.marks = new UnsavedMarks(me.id, document, this.doc.clientID)
    const scope = recallHead(me.id, document)?.scope ?? null
    this.view = { save: initialState(this.marks.hasInherited, scope), people: [], ready: false, unread: 0, stale: null }
    this.copy = new LocalCopy(copyName(me.id, document), this.doc, {
      kept: (edits) => this.dispatch({ type: 'kept', edits }),
      cannotKeep: () => this.dispatch({ type: 'cannot-keep' }),
    })
    this.link = this.makeLink()
    this.barriers = new Barriers(
      (number) => this.sendBarrier(number),
      () => this.onOverdue(),
    )
    this.doc.on('update', this.onUpdate)
    addEventListener('beforeunload', this.onUnload)
    this.introduce()
    void this.open()
  }

  // For React.

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  readonly snapshot = (): SessionView => this.view

  get awareness() {
    return this.link.provider.awareness!
  }

  /** The socket of a new session: the old one had the cookie of its day. */
  resume(): void {
    this.dispatch({ type: 'resumed' })
    this.link.connect()
  }

  /** Remove the copy of this device, with whatever is not saved. */
  async discard(): Promise<void> {
    this.close()
    await removeCopy(this.me.id, this.document)
  }

  /**
   * Remove the copy of this device, which the server has, so that the document can be opened anew. Several tabs may do
   * so at once: the first one removes it, and none the copy that another has begun since.
   */
  async abandon(): Promise<void> {
    await alone(copyName(this.me.id, this.document), async () => {
      this.close()
      if (!this.copy.wasRemoved) await removeCopy(this.me.id, this.document)
    })
  }

  /** The page is left: close, but not before what was typed is saved (the unload warning stands until then). */
  release(): void {
    if (!hasUnsaved(this.save)) return this.close()
    this.awareness.setLocalState(null)
    this.subscribe(() => !hasUnsaved(this.save) && this.close())
  }

  close(): void {
    if (this.isClosed) return
    this.isClosed = true
    this.listeners.clear()
    this.barriers.reset()
    removeEventListener('beforeunload', this.onUnload)
    removeEventListener('online', this.onOnline)
    removeEventListener('offline', this.onOffline)
    document.removeEventListener('visibilitychange', this.onOnline)
    this.link.destroy()
    this.copy.close()
    this.doc.destroy()
  }

  // Opening.

  private makeLink(): Link {
    return new Link(this.document, this.doc, {
      connecting: () => this.dispatch({ type: 'connecting' }),
      lost: (code) => this.onLost(code),
      authenticated: (scope) => this.onScope(scope),
      synced: () => this.onSynced(),
      denied: (reason) => this.judge(verdictOfReason(reason)),
      told: (payload) => this.onTold(payload),
    })
  }

  private introduce(): void {
    const { id, name } = this.me
    this.awareness.setLocalStateField('user', { id, name, color: colourOf(id) })
    this.awareness.on('change', this.onPresence)
    this.onPresence()
  }

  private async open(): Promise<void> {
    await this.copy.loaded
    const incarnation = await this.copy.incarnation()
    if (this.isClosed) return
    if (incarnation !== null) this.takeFor(incarnation)
    if (this.doc.store.clients.size > 0) this.change({ ready: true })
    addEventListener('online', this.onOnline)
    addEventListener('offline', this.onOffline)
    document.addEventListener('visibilitychange', this.onOnline)
    this.link.connect()
  }

  // What happens.

  private readonly onUpdate = (_: Uint8Array, origin: unknown): void => {
    // A reader's replica derives deletions while it integrates; they are no edits, and the server drops them.
    if (origin === this.link.provider || origin === this.copy.origin || this.save.scope === 'readonly') return
    this.dispatch({ type: 'edited' })
    this.copy.edited(() => this.save.edits)
    if (this.save.link === 'live') this.barriers.edited()
  }

  private readonly onPresence = (): void => {
    const people = peopleIn(this.awareness, this.me.id)
    if (JSON.stringify(people) !== JSON.stringify(this.view.people)) this.change({ people })
  }

  private onScope(scope: Scope): void {
    const regained = this.save.scope === 'readonly' && scope === 'read-write' && this.save.link === 'live'
    this.dispatch({ type: 'scope', scope })
    rememberHead(this.me.id, this.document, { scope })
    // What was typed before the right was lost and given back is sent by a new handshake, and only then is it saved.
    if (regained && hasUnsaved(this.save)) this.link.drop()
  }

  /** Our answer to the server's first question has gone out before this: a barrier now covers all local edits. */
  private onSynced(): void {
    this.change({ ready: true })
    this.dispatch({ type: 'live' })
    this.barriers.reset()
    this.barriers.now()
  }

  private sendBarrier(number: number): void {
    if (this.save.link !== 'live') return
    if (this.save.scope !== 'readonly') this.dispatch({ type: 'barrier-sent', number })
    this.link.tell({ barrier: number })
  }

  private onTold(payload: string): void {
    const said = parsed(payload)
    if (typeof said.barrier === 'number') {
      this.barriers.echoed()
      this.dispatch({ type: 'barrier-echoed', number: said.barrier })
    } else if (said.store !== undefined) {
      const trouble = said.store === 'ok' ? null : String(said.reason ?? 'no reason given')
      this.dispatch({ type: 'store', trouble })
    } else if (said.content !== undefined) {
      this.change({ unread: unreadIn(said) })
    } else if (typeof said.incarnation === 'string') {
      this.onIncarnation(said.incarnation)
    }
  }

  /** It comes before anything else of the document; the server's question for all of this copy follows, if they differ. */
  private onIncarnation(now: string): void {
    if (this.incarnation === null) {
      this.takeFor(now)
      this.copy.rememberIncarnation(now)
    } else if (now !== this.incarnation) {
      this.editsWhenAsked = this.save.edits
      this.change({ stale: 'asked' })
    }
  }

  private takeFor(incarnation: string): void {
    this.incarnation = incarnation
    this.link.knows(incarnation)
  }

  // Losses and endings.

  private onLost(code: number): void {
    this.barriers.reset()
    if (this.view.stale === 'asked') this.change({ stale: null }) // it will be asked again
    const verdict = verdictOfCode(code)
    if (this.save.ending === null) this.dispatch({ type: 'offline', at: Date.now() })
    if (verdict !== null) this.judge(verdict)
  }

  private onOverdue(): void {
    this.barriers.echoed()
    this.dispatch({ type: 'silent' })
    // Without a network the socket learns of its loss after minutes; the echo that did not come tells it now.
    if (!navigator.onLine) this.link.drop()
  }

  private readonly onUnload = (event: BeforeUnloadEvent): void => {
    if (hasUnsaved(this.save)) event.preventDefault()
  }

  private readonly onOffline = (): void => {
    if (this.save.link !== 'live') return
    this.barriers.echoed()
    this.barriers.now(PROBE_MS)
  }

  private readonly onOnline = (): void => {
    if (document.visibilityState === 'visible' && this.save.ending === null) this.link.connect()
  }

  private judge(verdict: Verdict): void {
    if (verdict === 'ask') void this.ask()
    else if (verdict === 'wait') this.retryLater()
    else if (verdict === 'renew') this.renew()
    else if (verdict === 'not-kept' && !hasUnsaved(this.save)) this.renew()
    else if (verdict !== null) this.end(verdict)
  }

  /** A denial without a reason: is it the session that ended, or the right to this document? */
  private async ask(): Promise<void> {
    this.link.disconnect()
    const me = await fetchMe().catch(() => undefined)
    if (this.isClosed) return
    if (me === undefined) this.retryLater()
    else this.end(me?.id === this.me.id ? 'no-access' : 'signed-out')
  }

  /** The server has all of this copy, but what was typed since it asked: then it is given that, too. */
  private renew(): void {
    if (this.save.edits > this.editsWhenAsked) return this.link.drop()
    this.link.disconnect()
    this.change({ stale: 'renew' })
  }

  private retryLater(): void {
    this.link.disconnect()
    setTimeout(() => !this.isClosed && this.save.ending === null && this.link.connect(), WAIT_MS)
  }

  private end(ending: Ending): void {
    this.link.disconnect()
    this.barriers.reset()
    this.dispatch({ type: 'ended', ending })
    const isGone = ending === 'no-access' || ending === 'deleted'
    if (!isGone || hasUnsaved(this.save)) return
    this.copy.close()
    void removeCopy(this.me.id, this.document)
  }

  // State.

  private get save(): SaveState {
    return this.view.save
  }

  private dispatch(event: SaveEvent): void {
    const save = next(this.save, event)
    if (hasUnsaved(save)) this.marks.set(this.title)
    else if (save.confirmed) this.marks.clear()
    this.change({ save })
  }

  private change(part: Partial<SessionView>): void {
    this.view = { ...this.view, ...part }
    for (const listener of this.listeners) listener()
  }
}

/** One tab at a time; where the browser has no locks (a page without https), they take their chance. */
async function alone(name: string, work: () => Promise<void>): Promise<void> {
  if ('locks' in navigator) await navigator.locks.request(name, work)
  else await work()
}

function parsed(payload: string): { barrier?: unknown; store?: unknown; reason?: unknown; content?: unknown; rows?: unknown; incarnation?: unknown } {
  try {
    return (JSON.parse(payload) ?? {}) as object
  } catch {
    return {} // a message of somebody else's making
  }
}
