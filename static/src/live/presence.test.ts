import { expect, test } from 'vitest'

import { hasPresence, Roll } from './presence'

const ADA = { id: '1', name: 'Ada' }
const BEN = { id: '2', name: 'Ben' }
const namesIn = (roll: Roll) => roll.snapshot()?.map((each) => each.name) ?? null

test('nobody is made up before the list is there, then it is kept by joins and leaves', () => {
  const roll = new Roll()
  let told = 0
  const leave = roll.subscribe(() => (told += 1))
  roll.met(BEN, true)
  expect([namesIn(roll), told]).toEqual([null, 0])
  roll.asked()
  roll.answered([BEN])
  roll.met(ADA, true)
  roll.met(ADA, true)
  expect(namesIn(roll)).toEqual(['Ada', 'Ben'])
  roll.met(BEN, false)
  expect([namesIn(roll), told]).toEqual([['Ada'], 4])
  leave()
  roll.forget()
  expect([namesIn(roll), told]).toEqual([null, 4])
})

test('what came while the list was on its way counts, whether the list knew of it or not', () => {
  const roll = new Roll()
  roll.asked()
  roll.met(ADA, true)
  roll.met(BEN, false)
  roll.answered([BEN])
  expect(namesIn(roll)).toEqual(['Ada'])
})

test('somebody by two connections is one', () => {
  const roll = new Roll()
  roll.asked()
  roll.answered([ADA, ADA, BEN])
  expect(namesIn(roll)).toEqual(['Ada', 'Ben'])
})

test('a list that is asked for again after a break has nobody who has left in it', () => {
  const roll = new Roll()
  roll.asked()
  roll.answered([ADA, BEN])
  roll.asked()
  roll.answered([ADA])
  expect(namesIn(roll)).toEqual(['Ada'])
})

test('people meet in workspaces', () => {
  expect(['workspace:1', 'user:1', 'alerts'].map(hasPresence)).toEqual([true, false, false])
})
