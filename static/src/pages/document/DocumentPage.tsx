import { useState, useSyncExternalStore } from 'react'

import { useGroups } from '../../api/groups'
import type { Me } from '../../api/types'
import { ErrorBoundary } from '../../app/ErrorBoundary'
import { NotFound } from '../../app/NotFound'
import { useWorkspace } from '../../api/workspaces'
import { CommentsPanel } from '../../comments/CommentsPanel'
import { roomOf } from '../../comments/room'
import { useComments } from '../../comments/useComments'
import { useLanding } from '../../comments/useLanding'
import { EditorPane } from '../../editor/EditorPane'
import { hasUnsaved, type SaveState } from '../../save/machine'
import type { DocumentSession } from '../../session/documentSession'
import { unreadWords } from '../../session/unread'
import { Notice } from '../../ui/Notice'
import { Skeleton } from '../../ui/Skeleton'
import { useTitle } from '../../ui/useTitle'
import { DocumentHeader } from './DocumentHeader'
import { EndedPanel } from './EndedPanel'
import { KeptCopies } from './KeptCopies'
import { OtherRoots } from './OtherRoots'
import { useHead } from './useHead'
import { useSession } from './useSession'

export default function DocumentPage({ me, id }: { me: Me; id: string }) {
  const session = useSession(me, id)
  return session ? <Content key={session.doc.clientID} session={session} /> : null
}

function Content({ session }: { session: DocumentSession }) {
  const view = useSyncExternalStore(session.subscribe, session.snapshot)
  const { save, ready } = view
  const head = useHead(session, save.link === 'live')
  const [toolbar, setToolbar] = useState<HTMLDivElement | null>(null)
  const comments = useComments(session.document, save.link === 'live')
  useLanding(comments)
  const room = roomOf(session.me, session.document, useWorkspace(head.workspace ?? undefined).data, useGroups().data ?? [])
  useTitle(head.title)
  if (head.isMissing && save.ending && !ready && !hasUnsaved(save)) return <Missing />
  const editable = mayWrite(save) && view.stale === null
  return (
    <div className="document">
      <header className="document-top">
        <DocumentHeader session={session} view={view} head={head} mayRename={editable && head.isFresh} comments={comments} />
        {(editable || save.scope === null) && <div className="toolbar-place" ref={setToolbar} />}
      </header>
      <main id="content" className="document-main" tabIndex={-1}>
        {save.ending && <EndedPanel session={session} ending={save.ending} title={head.title} />}
        <KeptCopies session={session} title={head.title} isLive={save.link === 'live'} />
        {view.unread > 0 && <Notice kind="info">{unreadWords(view.unread)}</Notice>}
        <ErrorBoundary what="The editor">
          {ready && <OtherRoots doc={session.doc} />}
          <div className={comments.isOpen ? 'document-body document-body-commented' : 'document-body'}>
            {ready ? (
              <EditorPane
                session={session}
                editable={editable}
                toolbarPlace={toolbar}
                threads={comments.layer}
                onComment={room.mayComment ? comments.begin : undefined}
              />
            ) : (
              <Loading />
            )}
            {comments.isOpen && <CommentsPanel room={room} comments={comments} />}
          </div>
        </ErrorBoundary>
      </main>
    </div>
  )
}

/** A session that ended can be begun again, and edits go on meanwhile; the other endings are final. */
function mayWrite(save: SaveState): boolean {
  return save.scope === 'read-write' && (save.ending === null || save.ending === 'signed-out')
}

function Missing() {
  return (
    <main id="content" tabIndex={-1}>
      <NotFound what="document" />
    </main>
  )
}

function Loading() {
  return (
    <div className="paper">
      <Skeleton rows={8} label="Loading the document" />
    </div>
  )
}
