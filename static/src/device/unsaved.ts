/**
 * Which documents have edits on this device that the server has not confirmed. One mark for each open page (the client
 * id of its replica), so that one tab's "saved" says nothing about another's edits.
 */

import { forget, keysOf, recall, remember } from './storage'

interface Mark {
  title: string
  since: string
}

export interface UnsavedDocument extends Mark {
  document: string
}

const start = (user: string, document?: string) => `unsaved.${user}.${document === undefined ? '' : `${document}.`}`

export class UnsavedMarks {
  /** The marks that other pages had set before this one opened: their edits are in the local copy that it loaded. */
  private inherited: string[]
  private readonly own: string
  private isSet = false

  constructor(user: string, document: string, replica: number) {
    this.inherited = keysOf(start(user, document))
    this.own = `${start(user, document)}${replica}`
  }

  get hasInherited(): boolean {
    return this.inherited.length > 0
  }

  set(title: string): void {
    if (this.isSet) return
    this.isSet = true
    remember(this.own, { title, since: new Date().toISOString() } satisfies Mark)
  }

  clear(): void {
    if (!this.isSet && this.inherited.length === 0) return
    for (const key of [...this.inherited, this.own]) forget(key)
    this.inherited = []
    this.isSet = false
  }
}

/** The documents of a user with unconfirmed edits, each once. */
export function unsavedDocuments(user: string): UnsavedDocument[] {
  const found = new Map<string, UnsavedDocument>()
  for (const key of keysOf(start(user))) {
    const document = key.slice(start(user).length).split('.')[0] ?? ''
    found.set(document, { document, ...(recall<Mark>(key) ?? { title: 'Untitled', since: '' }) })
  }
  return [...found.values()]
}

export function forgetUnsaved(user: string, document?: string): void {
  for (const key of keysOf(start(user, document))) forget(key)
}
