// The roots of the oracle's documents, and everything that can be read of them.
import * as Y from 'yjs'

export const roots = doc => ({
  text: doc.getText('text'),
  map: doc.getMap('map'),
  array: doc.getArray('array'),
  xml: doc.getXmlFragment('xml')
})

const plain = value => {
  if (value instanceof Y.Doc) return { subdoc: value.guid }
  if (value instanceof Y.Text) return { delta: value.toDelta().map(plain) }
  if (value instanceof Y.XmlHook) return { hook: value.hookName, map: sorted([...value.entries()]) }
  if (value instanceof Y.XmlElement) return { element: value.nodeName, attributes: sorted(Object.entries(value.getAttributes())), children: value.toArray().map(plain) }
  if (value instanceof Y.XmlFragment) return { children: value.toArray().map(plain) }
  if (value instanceof Y.Map) return { map: sorted([...value.entries()]) }
  if (value instanceof Y.Array) return { array: value.toArray().map(plain) }
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('base64') }
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value === 'bigint') return { bigint: String(value) }
  if (value === undefined) return { undefined: true }
  if (typeof value === 'number' && !Number.isFinite(value)) return { number: String(value) }
  if (value !== null && typeof value === 'object') return Object.fromEntries(sorted(Object.entries(value)))
  return value
}

const sorted = entries => entries.map(([key, value]) => [key, plain(value)]).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))

/** The whole content as plain JSON, the same for the same document. */
export const read = doc => Object.fromEntries(Object.entries(roots(doc)).map(([name, type]) => [name, plain(type)]))
