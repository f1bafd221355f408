import { describe, expect, test } from 'vitest'

import { inline, parse, safeAddress, type Block, type Inline } from './markdown'

const ID = '0123456789abcdef0123456789abcdef'

/** All text and all addresses of a tree. */
function said(nodes: readonly (Block | Inline)[]): { text: string; addresses: string[] } {
  const addresses: string[] = []
  const text = (node: Block | Inline): string => {
    if (node.kind === 'link') addresses.push(node.href)
    if (node.kind === 'mention') return `@${node.name}`
    if (node.kind === 'list') return node.items.flat().map(text).join('')
    return 'text' in node ? node.text : node.children.map(text).join('')
  }
  return { text: nodes.map(text).join('\n'), addresses }
}

describe('what is written', () => {
  test('is paragraphs, lists, quotes and code', () => {
    const kinds = parse('one\ntwo\n\n- a\n- b\n1. c\n> q\n```\n<b>\n```').map((block) => block.kind)
    expect(kinds).toEqual(['paragraph', 'list', 'list', 'quote', 'code'])
  })

  test('has emphasis, code, links and mentions', () => {
    expect(inline('**a** *b* _c_ ~~d~~ `e*`').filter((each) => each.kind !== 'text').map((each) => each.kind)).toEqual([
      'strong', 'em', 'em', 'strike', 'code',
    ])
    expect(inline(`@[Ada](user:${ID})`)).toEqual([{ kind: 'mention', name: 'Ada', who: 'user', id: ID }])
    expect(said(inline('see https://example.org/a, or [b](https://example.org/b)')).addresses).toEqual([
      'https://example.org/a',
      'https://example.org/b',
    ])
  })

  test('stays text where it is no Markdown', () => {
    for (const text of ['2 * 3 * 4', 'snake_case_name', '@[Ada](user:1)', '[a](b c)', '**', '`', '*\n', 'a@b.org', '\\']) {
      expect(inline(text)).toEqual([{ kind: 'text', text }])
    }
    expect(inline('\\*a\\*')).toEqual([{ kind: 'text', text: '*a*' }])
  })
})

describe('what would run', () => {
  const ADDRESSES = [
    'javascript:alert(1)', 'JaVaScRiPt:alert(1)', ' javascript:alert(1)', 'java\tscript:alert(1)', '\u0001javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>', 'vbscript:x', 'blob:a/b', 'file:///etc/passwd', '//evil.example', '/users',
  ]
  test.each(ADDRESSES)('is no link: %j', (address) => {
    expect(safeAddress(address)).toBeNull()
    const { addresses } = said(parse(`[press](${address}) <${address}> [a](<${address}>)`))
    expect(addresses).toEqual([])
  })

  test.each(['<script>alert(1)</script>', '<img src=x onerror=alert(1)>', '<svg/onload=alert(1)>', '&lt;b&gt;', '<a href="javascript:x">y</a>'])(
    'is only text: %s',
    (source) => {
      const tree = parse(source)
      expect(said(tree)).toEqual({ text: source, addresses: [] })
    },
  )

  test('cannot take long, however it is nested', () => {
    const began = performance.now()
    for (const piece of ['*a ', '**a', '[', '> ', '`', '~~a', '_a ', '@[', '- ', '\\', 'http://']) parse(piece.repeat(16_000 / piece.length))
    expect(performance.now() - began).toBeLessThan(5_000)
  })
})
