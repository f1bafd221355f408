import { describe, expect, it } from 'vitest'

import { shown } from './figures'

describe('a value in its unit', () => {
  it.each([
    [0, 'B', '0 B'],
    [1536, 'B', '1.5 KiB'],
    [5 * 1024 ** 3, 'B/s', '5 GiB/s'],
    [92.123, '%', '92.12 %'],
    [1.42, 'ms', '1.42 ms'],
    [0.5, 's', '0.5 s'],
    [600, 's', '10 min'],
    [36_000, 's', '10 h'],
    [12, '', '12'],
    [2_100_000_000, '', '2.1B'],
  ])('%d %s is %s', (value, unit, text) => expect(shown(value, unit)).toBe(text))
})
