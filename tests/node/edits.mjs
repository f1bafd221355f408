// Random edits as people make them: always at code point borders, in any script, in a text or in the editor's fragment.
import * as Y from 'yjs'

/** A seeded generator of numbers in [0, 1) (mulberry32), so that a failing run can be repeated. */
export const randomFrom = seed => () => {
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296
}

const plain = text => text.toDelta().map(({ insert }) => (typeof insert === 'string' ? insert : '\ufffc')).join('')

/** UTF-16 offsets at which no code point and no ⟦token⟧ is cut. */
const borders = content => {
  const found = [0]
  let offset = 0
  let inToken = false
  for (const character of content) {
    offset += character.length
    if (character === '⟦') inToken = true
    if (character === '⟧') inToken = false
    if (!inToken) found.push(offset)
  }
  return found
}

const texts = node => node instanceof Y.XmlText ? [node] : node.toArray().flatMap(child => child instanceof Y.XmlElement || child instanceof Y.XmlText ? texts(child) : [])

const addParagraph = fragment => {
  const paragraph = new Y.XmlElement('paragraph')
  const text = new Y.XmlText()
  paragraph.insert(0, [text])
  fragment.insert(fragment.length, [paragraph])
  return text
}

const pick = (random, list) => list[Math.floor(random() * list.length)]

const target = (doc, { root, kind }, random) => {
  if (kind === 'text') return doc.getText(root)
  const fragment = doc.getXmlFragment(root)
  return pick(random, texts(fragment)) ?? addParagraph(fragment)
}

export const insert = (doc, place, random, content) => doc.transact(() => {
  const text = target(doc, place, random)
  text.insert(pick(random, borders(plain(text))), content)
})

/** Deletes up to `most` code points at a random place; says how many UTF-16 units went. */
export const remove = (doc, place, random, most) => doc.transact(() => {
  const text = target(doc, place, random)
  const at = borders(plain(text))
  if (at.length < 2) return 0
  const first = Math.floor(random() * (at.length - 1))
  const last = Math.min(at.length - 1, first + 1 + Math.floor(random() * most))
  text.delete(at[first], at[last] - at[first])
  return at[last] - at[first]
})

/** What a person would read: the text, or each paragraph's text, and the named maps. */
export const read = (doc, { root, kind }) => kind === 'text' ? doc.getText(root).toString() : doc.getXmlFragment(root).toArray().map(block => texts(block).map(plain).join('')).join('\n')
