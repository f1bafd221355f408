import { beforeEach, describe, expect, test } from 'vitest'
import { applyUpdate, Doc, encodeStateAsUpdate, XmlElement, XmlText } from 'yjs'

import { FIELD } from './field'
import { ForeignWatch } from './foreign'
import { makeSchema } from './schema'

const schema = makeSchema()

function paragraph(text: string, format: object = {}): XmlElement {
  const element = new XmlElement('paragraph')
  const content = new XmlText()
  content.insert(0, text, format)
  element.insert(0, [content])
  return element
}

describe('what others write', () => {
  let theirs: Doc
  let ours: Doc
  let watch: ForeignWatch
  let destroyed: number
  const sync = () => applyUpdate(ours, encodeStateAsUpdate(theirs))

  beforeEach(() => {
    theirs = new Doc()
    ours = new Doc()
    watch = new ForeignWatch(ours, schema)
    destroyed = 0
    watch.guard({ destroy: () => (destroyed += 1) })
  })

  test('is ours while the schema knows its nodes and marks', () => {
    theirs.getXmlFragment(FIELD).insert(0, [paragraph('Grüße', { bold: {}, 'link--a1B2': { href: 'https://example.org' } })])
    sync()
    expect(watch.names).toBeNull()
    expect(destroyed).toBe(0)
  })

  test('destroys the editor before an observer hears of an unknown node', () => {
    let heard = -1
    ours.getXmlFragment(FIELD).observeDeep(() => (heard = destroyed))
    theirs.getXmlFragment(FIELD).insert(0, [new XmlElement('mermaidDiagram')])
    sync()
    expect(watch.names).toEqual(['mermaidDiagram'])
    expect(heard).toBe(1)
  })

  test('is found deep inside what is new, and later too', () => {
    theirs.getXmlFragment(FIELD).insert(0, [paragraph('first')])
    sync()
    const quote = new XmlElement('blockquote')
    quote.insert(0, [new XmlElement('callout')])
    theirs.getXmlFragment(FIELD).insert(1, [quote])
    sync()
    expect(watch.names).toEqual(['callout'])
  })

  test('is found when text gets an unknown mark', () => {
    const element = paragraph('text')
    theirs.getXmlFragment(FIELD).insert(0, [element])
    sync()
    const text = element.get(0) as XmlText
    text.format(0, 2, { sparkle: {} })
    sync()
    expect(watch.names).toEqual(['sparkle'])
  })

  test('of another root is not the affair of the editor', () => {
    theirs.getXmlFragment('elsewhere').insert(0, [new XmlElement('mermaidDiagram')])
    theirs.getText('codemirror').insert(0, 'x')
    sync()
    expect(watch.names).toBeNull()
  })

  test('under the name of our root but of another kind is foreign', () => {
    theirs.getText(FIELD).insert(0, 'plain')
    sync()
    expect(watch.names).not.toBeNull()
  })

  test('destroys an editor that comes too late', () => {
    theirs.getXmlFragment(FIELD).insert(0, [new XmlElement('mermaidDiagram')])
    sync()
    watch.guard({ destroy: () => (destroyed += 10) })
    expect(destroyed).toBe(11)
  })
})
