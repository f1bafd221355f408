import { expect, test } from 'vitest'

import { stacked } from './stack'

const card = (at: number) => ({ at, height: 100 })

test('cards stand beside their words, and move down where others are', () => {
  expect(stacked([card(0), card(50), card(400)], -1, 10)).toEqual([0, 110, 400])
})

test('the active card stands beside its words, and the ones before make room', () => {
  expect(stacked([card(0), card(150), card(200)], 2, 10)).toEqual([-20, 90, 200])
})
