/** Mentions while a comment is written: `@Ada` in the field, `@[Ada](user:ID)` in what is sent. */

import type { Member } from '../api/types'
import { MENTION } from './markdown'

export interface Mention {
  name: string
  who: string
  id: string
}

/** The name that is being typed before the caret, and where its @ stands. */
export function asked(text: string, caret: number): { at: number; query: string } | null {
  const found = /(?:^|[\s([{"'])@([^\s@]{0,40}(?: [^\s@]{1,40})?)$/u.exec(text.slice(0, caret))
  return found ? { at: caret - found[1]!.length - 1, query: found[1]! } : null
}

/** Members whose name or address has a word that begins so. */
export function matching(members: readonly Member[], query: string, limit = 6): Member[] {
  const wanted = query.toLocaleLowerCase()
  const words = (member: Member) => [member.username, ...member.username.split(/\s+/), member.email ?? '']
  return members.filter((member) => words(member).some((word) => word.toLocaleLowerCase().startsWith(wanted))).slice(0, limit)
}

export const mentionOf = (member: Member): Mention => ({ name: plain(member.username), who: 'user', id: member.user_id })

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

/** What is sent, as it is edited. */
export function decoded(content: string): { text: string; mentions: Mention[] } {
  const mentions: Mention[] = []
  const text = content.replace(new RegExp(MENTION, 'g'), (_, name: string, who: string, id: string) => {
    mentions.push({ name, who, id })
    return `@${name}`
  })
  return { text, mentions }
}

const quoted = (text: string) => text.replace(/[.*+?^${}()|[\]\\/-]/g, (sign) => (sign === '-' || sign === '/' ? sign : `\\${sign}`))
