/** Mentions while a comment is written: `@Ada` in the field, `@[Ada](user:ID)` in what is sent. */

import type { Group, Member } from '../api/types'
import { MENTION } from './markdown'

export interface Mention {
  name: string
  who: string
  id: string
}

/** Somebody who can be mentioned: a member, or a group with the members that are in it. */
export interface Candidate extends Mention {
  who: 'user' | 'group'
  /** What stands beside the name, to tell two of one name apart. */
  note: string
}

/** Members first, groups after them. A group tells those of its people who are members here. */
export function candidatesOf(members: readonly Member[], groups: readonly Group[]): Candidate[] {
  const here = new Set(members.map((member) => member.user_id))
  return [
    ...members.map(({ user_id, username, email }) => ({ who: 'user' as const, id: user_id, name: username, note: email ?? '' })),
    ...groups.map(({ id, name, members: people }) => {
      const count = people.filter((each) => here.has(each.user_id)).length
      return { who: 'group' as const, id, name, note: `Group, ${count === 0 ? 'nobody' : count === 1 ? '1 person' : `${count} people`} here` }
    }),
  ]
}

/** The name that is being typed before the caret, and where its @ stands. */
export function asked(text: string, caret: number): { at: number; query: string } | null {
  const found = /(?:^|[\s([{"'])@([^\s@]{0,40}(?: [^\s@]{1,40})?)$/u.exec(text.slice(0, caret))
  return found ? { at: caret - found[1]!.length - 1, query: found[1]! } : null
}

/** Those whose name, or address, has a word that begins so. */
export function matching(candidates: readonly Candidate[], query: string, limit = 6): Candidate[] {
  const wanted = query.toLocaleLowerCase()
  const words = ({ who, name, note }: Candidate) => [name, ...name.split(/\s+/), ...(who === 'user' ? [note] : [])]
  return candidates.filter((each) => words(each).some((word) => word.toLocaleLowerCase().startsWith(wanted))).slice(0, limit)
}

/** Beside `others` of the same comment: who has the name of somebody else is mentioned with the address too. */
export function mentionOf({ who, id, name, note }: Candidate, others: readonly Mention[] = []): Mention {
  const isTaken = others.some((each) => each.name === plain(name) && each.id !== id)
  return { name: isTaken ? plain(`${name} (${note || id.slice(0, 6)})`) : plain(name), who, id }
}

/** A name as it can stand in brackets. */
const plain = (name: string) => name.replace(/[[\]\n]/g, ' ').trim().slice(0, 100) || 'member'

/** What is sent. Longer names first: `@Ada Lovelace` is not `@Ada`. */
export function encoded(text: string, mentions: readonly Mention[]): string {
  const names = new Map(mentions.map((mention) => [mention.name, mention]))
  if (names.size === 0) return text
  const sorted = [...names.keys()].sort((a, b) => b.length - a.length)
  const pattern = new RegExp(`@(${sorted.map(quoted).join('|')})(?![\\p{L}\\p{N}_])`, 'gu')
  return text.replace(pattern, (_, name: string) => `@[${name}](${names.get(name)!.who}:${names.get(name)!.id})`)
}

/** A text as it is edited, with whom it mentions. */
export interface Written {
  text: string
  mentions: readonly Mention[]
}

/** What is sent, as it is edited. */
export function decoded(content: string): Written {
  const mentions: Mention[] = []
  const text = content.replace(new RegExp(MENTION, 'g'), (_, name: string, who: string, id: string) => {
    mentions.push({ name, who, id })
    return `@${name}`
  })
  return { text, mentions }
}

const quoted = (text: string) => text.replace(/[.*+?^${}()|[\]\\/-]/g, (sign) => (sign === '-' || sign === '/' ? sign : `\\${sign}`))
