import { expect, test } from 'vitest'

import { verdictOfCode, verdictOfReason } from './endings'

test('a close code from 4400 to 4499 is final, all others are a loss of the connection', () => {
  for (const code of [4400, 4401, 4403, 4404, 4410, 4413, 4422]) expect(verdictOfCode(code)).not.toBeNull()
  for (const code of [1000, 1006, 1012, 1013, 4507, 4508]) expect(verdictOfCode(code)).toBeNull()
})

test('a denial that says nothing exact is looked into, for it may be the session that is gone', () => {
  expect(verdictOfReason('permission-denied')).toBe('ask')
  expect(verdictOfReason('document-deleted')).toBe('deleted')
  expect(verdictOfReason('refused')).toBe('refused')
})

test('a copy of before a restore is loaded anew where nothing of it is lost', () => {
  expect(verdictOfReason(`kept-as-branch:${'b'.repeat(32)}`)).toBe('renew')
  expect(verdictOfReason('copy-outdated')).toBe('renew')
  expect(verdictOfReason('copy-not-kept')).toBe('not-kept')
})
