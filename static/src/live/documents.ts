/** The documents of a workspace, after an event. */

import type { Page, SharedDocument } from '../api/types'
import { followerOf } from './lists'
import { RELOAD } from './useLiveQuery'

interface DocumentData {
  document_id: string
  title: string
  type: SharedDocument['type']
  updated_at: string
}

export const documentsFollower = followerOf<Page<SharedDocument>>((page, event) => {
  const change = CHANGES[event.type]
  if (change === undefined) return page
  const data = event.data as unknown as DocumentData & { cut?: string[] }
  if (change === RELOAD || data.cut) return RELOAD
  return { ...page, data: page.data.flatMap((row) => (row.id === data.document_id ? change(row, data) : row)) }
})

type Change = (row: SharedDocument, data: DocumentData) => SharedDocument | []

/** Later of both: a document that was edited after it was renamed says when it was edited. */
const at = (row: SharedDocument, time: string) => (new Date(time) > new Date(row.updated_at) ? time : row.updated_at)

const CHANGES: Record<string, Change | typeof RELOAD> = {
  'counterpoint.document.created.v1': RELOAD,
  'counterpoint.document.restored.v1': RELOAD,
  'counterpoint.document.renamed.v1': (row, { title, updated_at }) => ({ ...row, title, updated_at: at(row, updated_at) }),
  'counterpoint.document.type_changed.v1': (row, { type, updated_at }) => ({ ...row, type, updated_at: at(row, updated_at) }),
  'counterpoint.document.deleted.v1': () => [],
}
