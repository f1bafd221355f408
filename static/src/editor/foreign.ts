/**
 * Content that our schema does not know. The editor's binding deletes what it cannot show, so a document of another
 * application must never reach it: such a document is shown as it is, and not edited here.
 */

import type { Schema } from '@tiptap/pm/model'
import { XmlElement, XmlFragment, XmlText, type AbstractType, type Doc, type Transaction } from 'yjs'

import { FIELD } from './field'

interface Destroyable {
  destroy: () => void
}

/**
 * Looks at everything that comes from outside, before the editor does. With the first thing that is not ours the editor
 * is destroyed, in the middle of the transaction: it would hear of the change next, and write what it shows over it.
 */
export class ForeignWatch {
  /** The names of nodes and marks that the schema does not have; null while all is ours. */
  names: readonly string[] | null = null
  private editor: Destroyable | null = null
  private readonly listeners = new Set<() => void>()

  constructor(doc: Doc, schema: Schema) {
    doc.getXmlFragment(FIELD) // known as a fragment from the start: a root gets its type only when it is asked for
    doc.on('beforeObserverCalls', (transaction: Transaction) => {
      if (!transaction.local) this.look(foreignNamesIn(transaction, schema))
    })
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** The editor to destroy; it is destroyed at once when it comes too late. */
  guard(editor: Destroyable): void {
    this.editor = editor
    if (this.names !== null) editor.destroy()
  }

  private look(found: Set<string>): void {
    if (found.size === 0) return
    this.names = [...new Set([...(this.names ?? []), ...found])].sort()
    this.editor?.destroy()
    this.editor = null
    for (const listener of this.listeners) listener()
  }
}

/** What a transaction has brought: of a whole document when it is loaded, of one keystroke later. */
export function foreignNamesIn(transaction: Transaction, schema: Schema): Set<string> {
  const found = new Set<string>()
  const root = transaction.doc.getXmlFragment(FIELD)
  for (const type of transaction.changed.keys()) {
    if (!isWithin(type as AbstractType<unknown>, root)) continue // of another root: not the editor's affair
    if (type instanceof XmlText) collectMarks(type, schema, found)
    else for (const child of newChildren(type as AbstractType<unknown>, transaction)) collect(child, schema, found)
  }
  return found
}

function isWithin(type: AbstractType<unknown>, root: XmlFragment): boolean {
  let current: unknown = type
  while (current !== root) {
    const parent: unknown = (current as AbstractType<unknown>)._item?.parent
    if (!parent) return false
    current = parent
  }
  return true
}

function newChildren(type: AbstractType<unknown>, transaction: Transaction): unknown[] {
  const children: unknown[] = []
  for (let item = type._start; item !== null; item = item.right) {
    const isNew = item.id.clock + item.length > (transaction.beforeState.get(item.id.client) ?? 0)
    if (isNew && !item.deleted && item.countable) children.push(...item.content.getContent())
  }
  return children
}

function collect(type: unknown, schema: Schema, found: Set<string>): void {
  if (type instanceof XmlText) {
    collectMarks(type, schema, found)
    return
  }
  if (type instanceof XmlElement && !(type.nodeName in schema.nodes)) found.add(type.nodeName)
  if (!(type instanceof XmlFragment)) found.add('content of another kind') // such as plain text under our name
  else for (const child of type.toArray()) collect(child, schema, found)
}

function collectMarks(text: XmlText, schema: Schema, found: Set<string>): void {
  for (const part of text.toDelta() as { insert: unknown; attributes?: object }[]) {
    if (typeof part.insert !== 'string') found.add('embed')
    for (const key of Object.keys(part.attributes ?? {})) {
      const name = key.split('--')[0] ?? key // overlapping marks carry a hash
      if (!(name in schema.marks) && name !== 'ychange') found.add(name)
    }
  }
}
