import { describe, expect, test } from 'vitest'

import { unreadIn, unreadWords } from './unread'

describe('what the server cannot read', () => {
  test('is counted as it says', () => {
    expect(unreadIn({ content: 'partial', rows: 3 })).toBe(3)
    expect(unreadIn({ content: 'partial' })).toBe(1)
    expect(unreadIn({ content: 'partial', rows: 'many' })).toBe(1)
  })

  test('is nothing once it reads everything again', () => {
    expect(unreadIn({ content: 'whole' })).toBe(0)
    expect(unreadIn({})).toBe(0)
  })

  test('is said without alarm, for one and for several', () => {
    expect(unreadWords(1)).toMatch(/^One change .* Nothing is lost here/)
    expect(unreadWords(2)).toMatch(/^2 changes .* without them\.$/)
  })
})
