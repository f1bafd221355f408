/**
 * Content that our schema does not know. The editor's binding deletes what it cannot show, so a document of another
 * application must never reach it: such a document is shown as it is, and not edited here.
 */

import type { Schema } from '@tiptap/pm/model'
import { XmlElement, XmlFragment, XmlText, type AbstractType, type Doc, type Transaction } from 'yjs'

import { FIELD } from './schema'

/** The names of nodes and marks in the whole fragment that the schema does not have. */
export function foreignNames(doc: Doc, schema: Schema): Set<string> {
  const found = new Set<string>()
  collect(doc.getXmlFragment(FIELD), schema, found)
  return found
}

/** As `foreignNames`, of only what a transaction has changed: cheap enough for every keystroke of the others. */
export function foreignNamesIn(transaction: Transaction, schema: Schema): Set<string> {
  const found = new Set<string>()
  for (const type of transaction.changed.keys()) {
    if (type instanceof XmlText) collectMarks(type, schema, found)
    else for (const child of newChildren(type as AbstractType<unknown>, transaction)) collect(child, schema, found)
  }
  return found
}

function newChildren(type: AbstractType<unknown>, transaction: Transaction): unknown[] {
  const children = type instanceof XmlFragment ? type.toArray() : []
  return children.filter((child) => {
    const id = (child as AbstractType<unknown>)._item?.id
    return id !== undefined && id.clock >= (transaction.beforeState.get(id.client) ?? 0)
  })
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
