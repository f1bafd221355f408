import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'

import { useDocument } from '../../api/documents'
import { ApiError } from '../../api/errors'
import { recallHead, rememberHead } from '../../device/heads'
import type { DocumentSession } from '../../session/documentSession'

export interface HeadView {
  title: string
  workspace: string | null
  /** The server has told it, and it is no memory of this device. */
  isFresh: boolean
  isMissing: boolean
}

/** The head as the server tells it; while it cannot, as this device remembers it. */
export function useHead(session: DocumentSession, isLive: boolean): HeadView {
  const client = useQueryClient()
  const { data, error, isPending } = useDocument(session.document)
  useEffect(() => {
    if (data) rememberHead(session.me.id, session.document, { title: data.title, workspace: data.workspace_id })
  }, [session, data])
  useEffect(() => {
    // The socket is back, so whatever could not be asked meanwhile is asked again.
    if (isLive) void client.invalidateQueries({ predicate: (query) => query.state.status === 'error' })
  }, [client, isLive])
  const remembered = recallHead(session.me.id, session.document)
  // A document that a program opened by a name of its own may have no head for us; then its name is all there is.
  const title = data?.title ?? remembered?.title ?? (isPending ? 'Loading…' : session.document)
  session.title = title
  return {
    title,
    workspace: data?.workspace_id ?? remembered?.workspace ?? null,
    isFresh: data !== undefined,
    isMissing: error instanceof ApiError && (error.status === 404 || error.status === 403),
  }
}
