import { expect, test } from 'vitest'

import type { Preferences } from '../api/types'
import { isSame, shownChannels, withChoice, zonesWith } from './preferences'

const choice = { in_app: true, push: true, email: false, chat: false }
const preferences: Preferences = {
  kinds: { mention: choice, incident: choice },
  quiet_hours: { enabled: false, start: '22:00', end: '07:00', time_zone: 'UTC' },
  digest_minutes: 2,
}

test('one choice changes, and what this page does not show stays as it was', () => {
  const next = withChoice(preferences, 'mention', 'email', true)
  expect(next.kinds).toEqual({ mention: { ...choice, email: true }, incident: choice })
  expect(preferences.kinds.mention!.email).toBe(false)
  expect([isSame(next, preferences), isSame(withChoice(next, 'mention', 'email', false), preferences)]).toEqual([false, true])
})

test('a kind that the server does not know is not made up', () => {
  expect(withChoice(preferences, 'gossip', 'push', true)).toBe(preferences)
})

test('the zone that is set can be chosen, also where the browser does not know it', () => {
  expect(zonesWith('Mars/Olympus', ['UTC', 'Europe/Berlin'])).toEqual(['Europe/Berlin', 'Mars/Olympus', 'UTC'])
  expect(zonesWith('UTC', ['UTC'])).toEqual(['UTC'])
})

test('what the server cannot send is not offered', () => {
  expect(shownChannels(['in_app', 'push', 'pigeon'])).toEqual(['in_app', 'push'])
})
