/** The copy of a document that this device keeps (y-indexeddb), and the truth about what is in it. */

import { IndexeddbPersistence } from 'y-indexeddb'
import type { Doc } from 'yjs'

const PATIENCE_MS = 2_000
const SETTLE_MS = 100
const INCARNATION = 'incarnation'

export interface LocalCopyEvents {
  /** The first `edits` edits are in the database. */
  kept: (edits: number) => void
  /** This device keeps nothing: storage is blocked, broken or full. */
  cannotKeep: () => void
}

export class LocalCopy {
  /** Settles when the copy was read, or cannot be. Never rejects. */
  readonly loaded: Promise<void>
  private readonly persistence: IndexeddbPersistence
  private timer: ReturnType<typeof setTimeout> | undefined
  private failed = false
  /** Another page has removed the copy; what stands under its name now is not this one. */
  wasRemoved = false

  constructor(
    name: string,
    document: Doc,
    private readonly events: LocalCopyEvents,
  ) {
    this.persistence = new IndexeddbPersistence(name, document)
    this.loaded = this.load()
  }

  /** The origin of updates that came out of the copy. */
  get origin(): unknown {
    return this.persistence
  }

  /** Which incarnation of the document this is a copy of; null: none is known, or there is no copy. */
  async incarnation(): Promise<string | null> {
    if (this.failed) return null
    const known: unknown = await this.persistence.get(INCARNATION).catch(() => null)
    return typeof known === 'string' ? known : null
  }

  /** Kept in the same database, so that it goes with the copy. */
  rememberIncarnation(incarnation: string): void {
    if (!this.failed) this.persistence.set(INCARNATION, incarnation).catch(() => this.fail())
  }

  /** Tell, as soon as it is so, that the edits until now are kept. */
  edited(count: () => number): void {
    if (this.failed || this.timer !== undefined) return
    this.timer = setTimeout(() => {
      this.timer = undefined
      this.confirm(count())
    }, SETTLE_MS)
  }

  close(): void {
    clearTimeout(this.timer)
    this.failed = true
    // Closing can only fail where opening did.
    this.persistence.destroy().catch(() => undefined)
  }

  private async load(): Promise<void> {
    const patience = new Promise<'late'>((resolve) => setTimeout(() => resolve('late'), PATIENCE_MS))
    try {
      const first = await Promise.race([this.persistence._db, patience])
      if (first === 'late') throw new Error('the database does not open')
      first.addEventListener('abort', () => this.fail())
      first.addEventListener('versionchange', () => this.onRemoved())
      await Promise.race([this.persistence.whenSynced, patience])
    } catch {
      this.fail() // blocked, as in some private windows: the page works without a copy, and says so
    }
  }

  /** A transaction that touches the same store completes after the writes before it. */
  private confirm(edits: number): void {
    const database = this.persistence.db
    if (!database || this.failed) return
    try {
      const transaction = database.transaction(['updates'], 'readonly')
      transaction.objectStore('updates').count()
      transaction.oncomplete = () => {
        if (!this.failed) this.events.kept(edits)
      }
    } catch {
      this.fail() // the database was closed: another page removed it
    }
  }

  /** The database is closed by this: nothing may be written to it any more. */
  private onRemoved(): void {
    this.wasRemoved = true
    this.persistence.destroy().catch(() => undefined)
    this.fail()
  }

  private fail(): void {
    if (this.failed) return
    this.failed = true
    this.events.cannotKeep()
  }
}
