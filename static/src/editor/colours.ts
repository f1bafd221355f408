/** A colour for each person, the same for everybody and for ever. The classes are in styles/people.css. */

// For clients of other makers, which read a colour from the presence: white text on each has a contrast above 4.5.
const HEX = [
  '#1d5b84', '#8a3324', '#2f6b3a', '#6b3fa0', '#8a5a00', '#a02c6a',
  '#0f6b6b', '#4a5568', '#9c2f2f', '#3b5bb5', '#5f6b00', '#7a4a2b',
] as const

export function colourIndex(key: string): number {
  let hash = 2166136261 // FNV-1a, 32 bits
  for (const character of key) hash = Math.imul(hash ^ character.codePointAt(0)!, 16777619)
  return (hash >>> 0) % HEX.length
}

export const colourOf = (key: string): string => HEX[colourIndex(key)]!

export const colourClass = (key: string): string => `person-${colourIndex(key)}`
