/** Places in the shared text that stay where they are while others write: pairs of Yjs's relative positions. */

import { absolutePositionToRelativePosition, relativePositionToAbsolutePosition, ySyncPluginKey } from '@tiptap/y-tiptap'
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
