/** Places in the shared text that stay where they are while others write: pairs of Yjs's relative positions. */

import { absolutePositionToRelativePosition, relativePositionToAbsolutePosition, ySyncPluginKey } from '@tiptap/y-tiptap'
import type { Node } from '@tiptap/pm/model'
import type { EditorState } from '@tiptap/pm/state'
import {
  createAbsolutePositionFromRelativePosition,
  createRelativePositionFromTypeIndex,
  decodeRelativePosition,
  encodeRelativePosition,
  XmlText,
  type Doc,
  type RelativePosition,
  type XmlFragment,
} from 'yjs'

export interface Span {
  from: number
  to: number
  /** Found by its words, for its own place is gone. */
  isByWords?: true
}

export interface Ends {
  start: string
  end: string
}

/** y-tiptap's state: the shared type, and which of its types is which node. */
interface Binding {
  doc: Doc
  type: XmlFragment
  mapping: Map<unknown, unknown>
}

/** Null until the editor shows the shared text. */
export function bindingOf(state: EditorState): Binding | null {
  const sync = ySyncPluginKey.getState(state) as { doc: Doc; type: XmlFragment; binding: { mapping: Map<unknown, unknown> } | null } | undefined
  const mapping = sync?.binding?.mapping
  return sync && mapping && mapping.size > 0 ? { doc: sync.doc, type: sync.type, mapping } : null
}

/** The relative positions of a span: each sticks to the characters inside, so what is typed beside it stays outside. */
export function endsOf(state: EditorState, { from, to }: Span): Ends | null {
  const binding = bindingOf(state)
  if (!binding || from >= to) return null
  return { start: toBase64(relative(binding, from, 0)), end: toBase64(relative(binding, to, -1)) }
}

function relative({ doc, type, mapping }: Binding, position: number, side: 0 | -1): RelativePosition {
  const found = absolutePositionToRelativePosition(position, type, mapping as never) as RelativePosition
  const place = createAbsolutePositionFromRelativePosition(found, doc)
  return place?.type instanceof XmlText ? createRelativePositionFromTypeIndex(place.type, place.index, side) : found
}

/** Where it is now; null when its words are gone. */
export function spanOf(state: EditorState, start: string, end: string | null): Span | null {
  const binding = bindingOf(state)
  if (!binding) return null
  const from = absolute(binding, start)
  const to = end === null ? from : absolute(binding, end)
  if (from === null || to === null || to > state.doc.content.size || from > to) return null
  return end === null || from < to ? { from, to } : null
}

/** Fewer are said by chance. */
const TELLING = 8

/** The one place where exactly these words stand: whoever undoes a deletion, or cuts and pastes, writes them anew. */
export function spanOfWords(document: Node, quote: string | null): Span | null {
  if (quote === null || quote.length < TELLING) return null
  const found: Span[] = []
  document.descendants((node, position) => {
    if (!node.isTextblock) return found.length < 2
    const text = node.textBetween(0, node.content.size, undefined, '\ufffc')
    for (let at = text.indexOf(quote); at >= 0 && found.length < 2; at = text.indexOf(quote, at + 1)) {
      found.push({ from: position + 1 + at, to: position + 1 + at + quote.length, isByWords: true })
    }
    return false
  })
  return found.length === 1 ? found[0]! : null
}

function absolute({ doc, type, mapping }: Binding, encoded: string): number | null {
  try {
    const position = decodeRelativePosition(fromBase64(encoded))
    const place = createAbsolutePositionFromRelativePosition(position, doc)
    if (!(place?.type instanceof XmlText)) return relativePositionToAbsolutePosition(doc, type, position, mapping as never)
    // Of the text's beginning first: y-tiptap takes a character at the document's start for a mistake of its own.
    const begin = createRelativePositionFromTypeIndex(place.type, 0, -1)
    const found = relativePositionToAbsolutePosition(doc, type, begin, mapping as never)
    return found === null || place.type._item?.deleted ? null : found + place.index
  } catch {
    return null // an anchor of another client's making that names what this document has not
  }
}

const toBase64 = (position: RelativePosition): string => btoa(String.fromCharCode(...encodeRelativePosition(position)))

const fromBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
