/** Two texts side by side: which lines of each are not in the other. */

import { Doc, applyUpdate } from 'yjs'

import { markdownOf } from './downloads'

export interface Line {
  text: string
  /** The other text has no such line, or fewer of them. */
  isOwn: boolean
}

/** The lines of `text`, told from those of `other`; however often a line stands there, so often it is the same. */
export function linesOf(text: string, other: string): Line[] {
  const left = new Map<string, number>()
  for (const line of split(other)) left.set(line, (left.get(line) ?? 0) + 1)
  return split(text).map((line) => {
    const count = left.get(line) ?? 0
    left.set(line, count - 1)
    return { text: line, isOwn: count <= 0 }
  })
}

/** What a copy says, read without opening it anywhere. */
export function textOf(update: Uint8Array): string {
  const doc = new Doc()
  applyUpdate(doc, update)
  const text = markdownOf(doc)
  doc.destroy()
  return text
}

const split = (text: string): string[] => text.split('\n').filter((line) => line.trim() !== '')
