import { expect, test } from 'vitest'

import { typeWords } from './words'

test('a type of event reads as words', () => {
  expect(typeWords('counterpoint.comment.added.v1')).toBe('Comment added')
  expect(typeWords('counterpoint.member.role_changed.v2')).toBe('Member role changed')
})
