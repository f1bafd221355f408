/** A subset of Markdown as a tree of plain values: what is not known stays text, and there is no HTML in it. */

export type Inline =
  | { kind: 'text' | 'code'; text: string }
  | { kind: 'strong' | 'em' | 'strike'; children: Inline[] }
  | { kind: 'link'; href: string; children: Inline[] }
  | { kind: 'mention'; name: string; who: string; id: string }

export type Block =
  | { kind: 'paragraph'; children: Inline[] }
  | { kind: 'code'; text: string }
  | { kind: 'quote'; children: Block[] }
  | { kind: 'list'; ordered: boolean; items: Inline[][] }

const MAX_DEPTH = 6
const SCHEMES = new Set(['http:', 'https:', 'mailto:'])
const FENCE = /^ {0,3}```/
const QUOTE = /^ {0,3}> ?/
const ITEM = /^ {0,3}(?:[-*+]|(\d{1,9})[.)]) +(?=\S)/
export const MENTION = /@\[([^[\]\n]{1,100})\]\((user|group):([0-9a-f]{32})\)/

export function parse(source: string, depth = 0): Block[] {
  const lines = source.split('\n')
  const blocks: Block[] = []
  while (lines.length > 0) {
    const line = lines[0]!
    if (line.trim() === '') lines.shift()
    else if (FENCE.test(line)) blocks.push(fenced(lines))
    else if (QUOTE.test(line) && depth < MAX_DEPTH) blocks.push(quoted(lines, depth))
    else if (ITEM.test(line)) blocks.push(listed(lines))
    else blocks.push(paragraph(lines, depth))
  }
  return blocks
}

function fenced(lines: string[]): Block {
  lines.shift()
  const text = taken(lines, (line) => !FENCE.test(line))
  lines.shift()
  return { kind: 'code', text: text.join('\n') }
}

function quoted(lines: string[], depth: number): Block {
  const inside = taken(lines, (line) => QUOTE.test(line)).map((line) => line.replace(QUOTE, ''))
  return { kind: 'quote', children: parse(inside.join('\n'), depth + 1) }
}

function listed(lines: string[]): Block {
  const ordered = ITEM.exec(lines[0]!)?.[1] !== undefined
  const isOurs = (line: string) => (ITEM.exec(line)?.[1] !== undefined) === ordered && ITEM.test(line)
  return { kind: 'list', ordered, items: taken(lines, isOurs).map((line) => inline(line.replace(ITEM, ''))) }
}

function paragraph(lines: string[], depth: number): Block {
  const first = lines.shift()!
  const isText = (line: string) =>
    line.trim() !== '' && !FENCE.test(line) && !ITEM.test(line) && (depth >= MAX_DEPTH || !QUOTE.test(line))
  return { kind: 'paragraph', children: inline([first, ...taken(lines, isText)].join('\n')) }
}

/** Remove and answer the lines at the beginning for which this holds. */
function taken(lines: string[], holds: (line: string) => boolean): string[] {
  const end = lines.findIndex((line) => !holds(line))
  return lines.splice(0, end < 0 ? lines.length : end)
}

// Each is tried where it may begin; the first that fits is taken.
const STARTS = /[\\`@[*_~]|https?:\/\//g
const ESCAPED = /\\([!-/:-@[-`{-~])/y
const CODE = /(`+)([^`]+)\1(?!`)/y
const LINK = /\[([^[\]\n]{1,500})\]\(([^\s()<>]{1,2000})\)/y
const ADDRESS = /https?:\/\/[^\s<>"'`()[\]]{1,2000}/y
const MARKS = [
  ['**', 'strong'],
  ['~~', 'strike'],
  ['*', 'em'],
  ['_', 'em'],
] as const

export function inline(source: string, depth = 0): Inline[] {
  const found: Inline[] = []
  let text = ''
  let at = 0
  const add = (node: Inline, length: number) => {
    if (text !== '') found.push({ kind: 'text', text })
    text = ''
    found.push(node)
    at += length
  }
  while (at < source.length) {
    STARTS.lastIndex = at
    const next = STARTS.exec(source)?.index ?? source.length
    text += source.slice(at, next)
    at = next
    if (at >= source.length) break
    const escaped = matched(ESCAPED, source, at)
    const special = escaped ? null : specialAt(source, at, depth)
    if (special) add(special.node, special.length)
    else {
      text += escaped?.[1] ?? source[at]
      at += escaped?.[0].length ?? 1
    }
  }
  if (text !== '') found.push({ kind: 'text', text })
  return found
}

interface Special {
  node: Inline
  length: number
}

function specialAt(source: string, at: number, depth: number): Special | null {
  const code = matched(CODE, source, at)
  if (code) return { node: { kind: 'code', text: code[2]! }, length: code[0].length }
  const mention = matched(new RegExp(MENTION, 'y'), source, at)
  if (mention) {
    const [all, name, who, id] = mention as unknown as [string, string, string, string]
    return { node: { kind: 'mention', name, who, id }, length: all.length }
  }
  return linkAt(source, at, depth) ?? markAt(source, at, depth)
}

function linkAt(source: string, at: number, depth: number): Special | null {
  const link = matched(LINK, source, at)
  const href = link && safeAddress(link[2]!)
  if (link && href && depth < MAX_DEPTH) {
    return { node: { kind: 'link', href, children: inline(link[1]!, MAX_DEPTH) }, length: link[0].length }
  }
  // What ends a sentence ends the address. A link's own text holds no further link.
  const bare = depth < MAX_DEPTH ? matched(ADDRESS, source, at)?.[0].replace(/[.,;:!?*_~]+$/, '') : undefined
  const address = bare && safeAddress(bare)
  return bare && address ? { node: { kind: 'link', href: address, children: [{ kind: 'text', text: bare }] }, length: bare.length } : null
}

function markAt(source: string, at: number, depth: number): Special | null {
  if (depth >= MAX_DEPTH) return null
  for (const [sign, kind] of MARKS) {
    if (!source.startsWith(sign, at)) continue
    const start = at + sign.length
    const end = source.indexOf(sign, start + 1)
    if (end < 0 || /\s/.test(source[start]!) || /\s/.test(source[end - 1]!)) continue
    if (sign === '_' && (isWord(source[at - 1]) || isWord(source[end + 1]))) continue // as in snake_case_names
    return { node: { kind, children: inline(source.slice(start, end), depth + 1) }, length: end + sign.length - at }
  }
  return null
}

const isWord = (character: string | undefined) => character !== undefined && /[\p{L}\p{N}_]/u.test(character)

function matched(pattern: RegExp, source: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(source)
}

/** The address, if it is one of the web or of mail; null for anything that could run, and for what is none. */
export function safeAddress(address: string): string | null {
  try {
    const url = new URL(address)
    return SCHEMES.has(url.protocol) ? url.href : null
  } catch {
    return null
  }
}
