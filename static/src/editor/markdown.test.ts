import { expect, test } from 'vitest'

import { toMarkdown, type Node } from './markdown'

const text = (value: string, ...marks: string[]): Node => ({
  type: 'text',
  text: value,
  marks: marks.map((type) => ({ type })),
})
const paragraph = (...content: Node[]): Node => ({ type: 'paragraph', content })
const doc = (...content: Node[]): Node => ({ type: 'doc', content })

test('an empty document is an empty file', () => {
  expect(toMarkdown(doc())).toBe('')
})

test('blocks are parted by an empty line', () => {
  const heading: Node = { type: 'heading', attrs: { level: 2 }, content: [text('Zürich 🎼')] }
  expect(toMarkdown(doc(heading, paragraph(text('One.')), { type: 'horizontalRule' }))).toBe('## Zürich 🎼\n\nOne.\n\n---\n')
})

test('marks leave spaces outside', () => {
  expect(toMarkdown(doc(paragraph(text('a'), text(' bold ', 'bold'), text('b', 'italic', 'bold'))))).toBe('a **bold** ***b***\n')
})

test('characters that would be marks are escaped, and not in code', () => {
  expect(toMarkdown(doc(paragraph(text('2 * 3_4 [x]'), text('a*b', 'code'))))).toBe('2 \\* 3\\_4 \\[x\\]`a*b`\n')
})

test('a paragraph that looks like a list or a heading stays a paragraph', () => {
  expect(toMarkdown(doc(paragraph(text('# no')), paragraph(text('1. no')), paragraph(text('- no'))))).toBe(
    '\\# no\n\n1\\. no\n\n\\- no\n',
  )
})

test('lists nest by indentation, tasks have boxes', () => {
  const item = (...content: Node[]): Node => ({ type: 'listItem', content })
  const inner: Node = { type: 'orderedList', attrs: { start: 3 }, content: [item(paragraph(text('three')))] }
  const list: Node = { type: 'bulletList', content: [item(paragraph(text('one')), inner), item(paragraph(text('two')))] }
  expect(toMarkdown(doc(list))).toBe('- one\n\n  3. three\n- two\n')
  const task: Node = { type: 'taskItem', attrs: { checked: true }, content: [paragraph(text('done'))] }
  expect(toMarkdown(doc({ type: 'taskList', content: [task] }))).toBe('- [x] done\n')
})

test('a fence is longer than any in the code', () => {
  const code: Node = { type: 'codeBlock', attrs: { language: 'md' }, content: [text('```\nx')] }
  expect(toMarkdown(doc(code))).toBe('````md\n```\nx\n````\n')
})

test('a link keeps its address whole', () => {
  const link: Node = { type: 'text', text: 'here', marks: [{ type: 'link', attrs: { href: 'https://a.b/c d(1)' } }] }
  expect(toMarkdown(doc(paragraph(link)))).toBe('[here](https://a.b/c%20d%281%29)\n')
})
