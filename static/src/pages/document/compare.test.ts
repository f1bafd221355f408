import { expect, test } from 'vitest'
import { Doc, XmlElement, XmlText, encodeStateAsUpdate } from 'yjs'

import { FIELD } from '../../editor/field'
import { linesOf, textOf } from './compare'

const own = (text: string, other: string) => linesOf(text, other).filter((line) => line.isOwn).map((line) => line.text)

test('lines that the other text lacks are its own', () => {
  expect(own('a\n\nb\nc', 'c\na')).toEqual(['b'])
  expect(own('a', 'a')).toEqual([])
  expect(own('', 'a')).toEqual([])
})

test('a line that stands twice is its own once where the other has it once', () => {
  expect(linesOf('a\na', 'a').map((line) => line.isOwn)).toEqual([false, true])
})

test('blank lines say nothing', () => {
  expect(linesOf('a\n\n \nb', '')).toHaveLength(2)
})

test('a copy is read out of its update', () => {
  const doc = new Doc()
  const paragraph = new XmlElement('paragraph')
  paragraph.insert(0, [new XmlText('words')])
  doc.getXmlFragment(FIELD).insert(0, [paragraph])
  expect(textOf(encodeStateAsUpdate(doc))).toBe('words\n')
})
