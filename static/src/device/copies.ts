/** Names of the local copies, and their removal. One IndexedDB database for each user and document. */

import { forgetUnsaved, unsavedDocuments } from './unsaved'
import { forget, keysOf } from './storage'

const PREFIX = 'counterpoint:'

export const copyName = (user: string, document: string) => `${PREFIX}${user}:${document}`

/** Remove one local copy and all that is noted about it. */
export async function removeCopy(user: string, document: string): Promise<void> {
  forgetUnsaved(user, document)
  forget(`head.${user}.${document}`)
  await remove(copyName(user, document))
}

/** Remove a user's local copies, but those with unsaved edits unless `everything`. */
export async function removeCopies(user: string, everything: boolean): Promise<void> {
  const kept = new Set(everything ? [] : unsavedDocuments(user).map((each) => each.document))
  const names = await allNames()
  const mine = names.filter((name) => name.startsWith(copyName(user, '')))
  const gone = mine.map((name) => name.slice(copyName(user, '').length)).filter((document) => !kept.has(document))
  for (const key of keysOf(`head.${user}.`)) if (!kept.has(key.split('.')[2] ?? '')) forget(key)
  await Promise.all(gone.map((document) => removeCopy(user, document)))
}

async function allNames(): Promise<string[]> {
  try {
    return (await indexedDB.databases()).map((each) => each.name ?? '')
  } catch {
    return [] // blocked, or a browser that cannot list them
  }
}

function remove(name: string): Promise<void> {
  return new Promise((resolve) => {
    try {
      const wish = indexedDB.deleteDatabase(name)
      wish.onsuccess = wish.onerror = wish.onblocked = () => resolve()
    } catch {
      resolve()
    }
  })
}
