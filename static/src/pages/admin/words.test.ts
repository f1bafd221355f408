import { expect, test } from 'vitest'

import { behindText, bytesText, counted, healthText } from './words'

test('sizes are in the unit that fits', () => {
  expect([0, 1023, 1536, 200 * 1024, 5 * 1024 ** 2].map(bytesText)).toEqual(['0 B', '1023 B', '1.5 KiB', '200 KiB', '5.0 MiB'])
})

test('one is singular', () => {
  expect([counted(0, 'room'), counted(1, 'room'), counted(2, 'room')]).toEqual(['0 rooms', '1 room', '2 rooms'])
})

test('a node that is behind says by how much', () => {
  expect([0, 1, 3].map((behind_rows) => behindText({ node: 'pad/1', behind_rows }))).toEqual(['pad/1', 'pad/1 1 row behind', 'pad/1 3 rows behind'])
})

test('a part that works, and slowly, is not called well', () => {
  const told = [
    { ok: true, note: null },
    { ok: true, note: 'degraded: no connection' },
    { ok: false, note: null },
  ]
  expect(told.map(healthText)).toEqual(['Well', 'Degraded', 'Not well'])
})
