import { expect, test } from 'vitest'

import { choiceOf, typesOf, typeWords } from './types'

const MIXED = ['counterpoint.document.*', 'counterpoint.comment.added.v1']

test.each([[['*']], [MIXED], [['counterpoint.member.*', 'counterpoint.invitation.*']]])('%s is shown and sent back as it is', (types) => {
  expect(typesOf(choiceOf(types))).toEqual(types)
})

test('half of a family is no family', () => {
  expect(choiceOf(['counterpoint.member.*'])).toEqual({ everything: false, families: [], others: 'counterpoint.member.*' })
})

test('types are taken from lines, spaces and commas, once each', () => {
  expect(typesOf({ everything: false, families: ['Documents'], others: 'a.b, c\n a.b counterpoint.document.*' })).toEqual(['counterpoint.document.*', 'a.b', 'c'])
  expect(typesOf({ everything: false, families: [], others: ' ' })).toEqual([])
})

test('a list says it in words', () => {
  expect([typeWords(['*', 'x']), typeWords(MIXED)]).toEqual(['Everything', 'Documents, counterpoint.comment.added.v1'])
})
