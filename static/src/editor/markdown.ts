/** The editor's JSON as Markdown (CommonMark with GitHub's tasks and strikes), for a download of the local copy. */

export interface Node {
  type: string
  text?: string
  attrs?: Record<string, unknown>
  marks?: { type: string; attrs?: Record<string, unknown> }[]
  content?: Node[]
}

export function toMarkdown(document: Node): string {
  const text = blocks(document.content ?? [])
  return text === '' ? '' : `${text}\n`
}

function blocks(nodes: readonly Node[]): string {
  return nodes.map(block).join('\n\n')
}

function block(node: Node): string {
  const children = node.content ?? []
  switch (node.type) {
    case 'heading':
      return `${'#'.repeat(Number(node.attrs?.level ?? 1))} ${inline(children)}`
    case 'codeBlock':
      return fenced(String(node.attrs?.language ?? ''), plain(children))
    case 'blockquote':
      return indented(blocks(children), '> ', '> ')
    case 'bulletList':
      return items(children, () => '- ')
    case 'orderedList':
      return items(children, (index) => `${Number(node.attrs?.start ?? 1) + index}. `)
    case 'taskList':
      return items(children, (index) => `- [${children[index]?.attrs?.checked ? 'x' : ' '}] `)
    case 'horizontalRule':
      return '---'
    case 'image':
      return `![${escaped(String(node.attrs?.alt ?? ''))}](${addressed(String(node.attrs?.src ?? ''))})`
    default:
      return protectStart(inline(children))
  }
}

function items(nodes: readonly Node[], bullet: (index: number) => string): string {
  return nodes
    .map((node, index) => {
      const start = bullet(index)
      const width = start.startsWith('- ') ? 2 : start.length
      return indented(blocks(node.content ?? []), start, ' '.repeat(width))
    })
    .join('\n')
}

function indented(text: string, first: string, rest: string): string {
  const lines = text.split('\n')
  return lines.map((line, index) => (index === 0 ? first + line : line === '' ? rest.trimEnd() : rest + line)).join('\n')
}

function fenced(language: string, code: string): string {
  const longest = Math.max(2, ...[...code.matchAll(/`+/g)].map((run) => run[0].length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${code}\n${fence}`
}

function inline(nodes: readonly Node[]): string {
  return nodes.map(span).join('')
}

function span(node: Node): string {
  if (node.type === 'hardBreak') return '\\\n'
  const text = node.text ?? ''
  const marks = new Map((node.marks ?? []).map((mark) => [mark.type, mark.attrs ?? {}]))
  // Marks cannot begin or end with a space in Markdown: the spaces go outside.
  const [, before = '', core = '', after = ''] = /^(\s*)(.*?)(\s*)$/s.exec(text) ?? []
  if (core === '') return text
  let said = marks.has('code') ? coded(core) : escaped(core)
  if (marks.has('strike')) said = `~~${said}~~`
  if (marks.has('italic')) said = `*${said}*`
  if (marks.has('bold')) said = `**${said}**`
  if (marks.has('underline')) said = `<u>${said}</u>`
  const link = marks.get('link')
  if (link) said = `[${said}](${addressed(String(link.href ?? ''))})`
  return before + said + after
}

function coded(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map((run) => run[0].length))
  const fence = '`'.repeat(longest + 1)
  const pad = text.startsWith('`') || text.endsWith('`') ? ' ' : ''
  return `${fence}${pad}${text}${pad}${fence}`
}

const addressed = (href: string): string =>
  href.replace(/[()\s]/g, (character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`)

const plain = (nodes: readonly Node[]): string => nodes.map((node) => node.text ?? '\n').join('')

const escaped = (text: string): string => text.replace(/[\\`*_[\]<>~]/g, '\\$&')

/** A line that would begin a heading, a list or a quote if it were not escaped. */
const protectStart = (text: string): string =>
  text.replace(/^(#{1,6}|[-+])(?=\s|$)/, '\\$1').replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2')
