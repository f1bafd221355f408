import { expect, test } from 'vitest'

import { addressOf } from './links'

test.each([
  ['example.org/a', 'https://example.org/a'],
  ['https://example.org', 'https://example.org'],
  ['ada@example.org', 'mailto:ada@example.org'],
  ['mailto:ada@example.org', 'mailto:ada@example.org'],
  ['/documents/1', '/documents/1'],
  ['  example.org ', 'https://example.org'],
])('%s means %s', (typed, meant) => {
  expect(addressOf(typed)).toBe(meant)
})
