import { Schema } from '@tiptap/pm/model'
import { expect, test } from 'vitest'

import { spanOfWords } from './anchors'

const schema = new Schema({
  nodes: {
    doc: { content: 'block+' },
    paragraph: { group: 'block', content: 'inline*' },
    quote: { group: 'block', content: 'block+' },
    image: { group: 'inline', inline: true },
    text: { group: 'inline' },
  },
})
const paragraph = (...parts: (string | null)[]) => schema.node('paragraph', null, parts.map((part) => (part === null ? schema.node('image') : schema.text(part))))
const words = (quote: string | null, ...blocks: ReturnType<typeof paragraph>[]) => {
  const document = schema.node('doc', null, blocks)
  const span = spanOfWords(document, quote)
  return span && document.textBetween(span.from, span.to)
}

test('words that were written anew are found where they stand, also behind an image and in a quotation', () => {
  expect(words('too fast, 😀', paragraph('Other'), paragraph(null, 'It is too fast, 😀 he said'))).toBe('too fast, 😀')
  expect(words('too fast, 😀', schema.node('quote', null, [paragraph('It is too fast, 😀')]))).toBe('too fast, 😀')
})

test('words that stand twice, nowhere, or are short are not taken for the ones that were meant', () => {
  expect(words('too fast', paragraph('too fast'), paragraph('too fast'))).toBeNull()
  expect(words('too fast', paragraph('too fast, too fast'))).toBeNull()
  expect(words('too fast', paragraph('too'), paragraph(' fast'))).toBeNull()
  expect(words('fast', paragraph('too fast'))).toBeNull()
  expect(words(null, paragraph('too fast'))).toBeNull()
})
