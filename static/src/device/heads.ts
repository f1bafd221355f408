/** What is shown around a document while the server cannot be asked: its title, where it is, and what we could do. */

import { recall, remember } from './storage'

export interface Head {
  title: string
  workspace: string | null
  scope: 'read-write' | 'readonly' | null
}

const key = (user: string, document: string) => `head.${user}.${document}`

export function recallHead(user: string, document: string): Head | null {
  return recall<Head>(key(user, document))
}

export function rememberHead(user: string, document: string, changes: Partial<Head>): void {
  const before = recallHead(user, document) ?? { title: 'Untitled', workspace: null, scope: null }
  remember(key(user, document), { ...before, ...changes })
}
