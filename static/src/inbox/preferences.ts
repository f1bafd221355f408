/** What one wants to be told of, where, and when not. */

import type { Preferences } from '../api/types'

export const CHANNELS = ['in_app', 'push', 'email', 'chat'] as const
export type Channel = (typeof CHANNELS)[number]
export type QuietHours = Preferences['quiet_hours']

export function withChoice(preferences: Preferences, kind: string, channel: Channel, wanted: boolean): Preferences {
  const before = preferences.kinds[kind]
  if (!before) return preferences
  return { ...preferences, kinds: { ...preferences.kinds, [kind]: { ...before, [channel]: wanted } } }
}

export const isSame = (a: Preferences, b: Preferences): boolean => JSON.stringify(a) === JSON.stringify(b)

/** Of the channels those that the server has; what is chosen for the others is kept. */
export const shownChannels = (known: readonly string[]): Channel[] => CHANNELS.filter((each) => known.includes(each))

/** The zones of this browser, with the one that is set, which it may not know. */
export function zonesWith(zone: string, known: readonly string[]): string[] {
  return [...new Set([...known, zone])].sort()
}
