import { useEffect, useState, useSyncExternalStore } from 'react'

import { useDocument } from '../../api/documents'
import { ApiError } from '../../api/errors'
import type { Me } from '../../api/types'
import { ErrorBoundary } from '../../app/ErrorBoundary'
import { NotFound } from '../../app/NotFound'
import { recallHead, rememberHead } from '../../device/heads'
import { hasUnsaved } from '../../save/machine'
import { DocumentSession } from '../../session/documentSession'
import { Skeleton } from '../../ui/Skeleton'
import { useTitle } from '../../ui/useTitle'
import { EditorPane } from '../../editor/EditorPane'
import { DocumentHeader } from './DocumentHeader'
import { EndedPanel } from './EndedPanel'

export default function DocumentPage({ me, id }: { me: Me; id: string }) {
  const session = useSession(me, id)
  return session ? <Content session={session} /> : null
}

function useSession(me: Me, id: string): DocumentSession | null {
  const [session, setSession] = useState<DocumentSession | null>(null)
  const [person] = useState(me) // its fields may be fetched again; it stays the same person
  useEffect(() => {
    const opened = new DocumentSession(person, id)
    setSession(opened)
    return () => opened.release()
  }, [person, id])
  return session
}

function Content({ session }: { session: DocumentSession }) {
  const view = useSyncExternalStore(session.subscribe, session.snapshot)
  const head = useHead(session)
  const [toolbar, setToolbar] = useState<HTMLDivElement | null>(null)
  useTitle(head.title)
  const { save } = view
  const isUnknown = head.isMissing && !view.ready && !hasUnsaved(save)
  if (isUnknown) {
    return (
      <main id="content" tabIndex={-1}>
        <NotFound what="document" />
      </main>
    )
  }
  const editable = save.scope === 'read-write' && (save.ending === null || save.ending === 'signed-out')
  return (
    <div className="document">
      <div className="document-top">
        <DocumentHeader session={session} view={view} head={head} mayRename={editable && head.isFresh} />
        <div ref={setToolbar} />
      </div>
      <main id="content" className="document-main" tabIndex={-1}>
        {save.ending && <EndedPanel session={session} ending={save.ending} title={head.title} />}
        <ErrorBoundary what="The editor">
          {view.ready ? (
            <EditorPane session={session} editable={editable} toolbarPlace={toolbar} />
          ) : (
            <div className="paper">
              <Skeleton rows={8} label="Loading the document" />
            </div>
          )}
        </ErrorBoundary>
      </main>
    </div>
  )
}

export interface HeadView {
  title: string
  workspace: string | null
  /** The server has just told it, and it is no memory of this device. */
  isFresh: boolean
  isMissing: boolean
}

function useHead(session: DocumentSession): HeadView {
  const query = useDocument(session.document)
  const { data, error } = query
  useEffect(() => {
    if (data) rememberHead(session.me.id, session.document, { title: data.title, workspace: data.workspace_id })
  }, [session, data])
  const remembered = recallHead(session.me.id, session.document)
  const title = data?.title ?? remembered?.title ?? (query.isPending ? 'Loading…' : 'Untitled')
  session.title = title
  return {
    title,
    workspace: data?.workspace_id ?? remembered?.workspace ?? null,
    isFresh: data !== undefined,
    isMissing: error instanceof ApiError && (error.status === 404 || error.status === 403),
  }
}
