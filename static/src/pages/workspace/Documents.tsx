import { useState } from 'react'
import { Link } from 'wouter'

import { useDeleteDocument, useDocuments, useRestoreDocument } from '../../api/documents'
import { messageOf } from '../../api/errors'
import type { Member, SharedDocument, Workspace } from '../../api/types'
import { Button } from '../../ui/Button'
import { Icon } from '../../ui/Icon'
import { LoadFailed } from '../../ui/Notice'
import { Roster } from '../../ui/Roster'
import { Skeleton } from '../../ui/Skeleton'
import { useToast } from '../../ui/Toasts'
import { When } from '../../ui/When'
import { DOCUMENT_TYPES } from '../../ui/words'
import type { Somebody } from './here'
import { NewDocumentDialog } from './NewDocumentDialog'
import { RenameDocumentDialog } from './RenameDocumentDialog'

/** By document, who has it open now. */
type PeopleIn = ReadonlyMap<string, Somebody[]>

export function Documents({ workspace, peopleIn }: { workspace: Workspace; peopleIn: PeopleIn }) {
  const documents = useDocuments(workspace.id)
  const [isCreating, setCreating] = useState(false)
  const mayEdit = workspace.permissions.can_edit
  return (
    <section aria-labelledby="documents">
      <header className="section-head">
        <h2 id="documents">Documents</h2>
        {mayEdit && (
          <Button look="main" onClick={() => setCreating(true)}>
            <Icon name="plus" />
            New document
          </Button>
        )}
      </header>
      {documents.isPending && <Skeleton rows={4} label="Loading documents" />}
      {documents.isError && <LoadFailed error={documents.error} onRetry={() => void documents.refetch()} />}
      {documents.isSuccess && <List workspace={workspace} rows={documents.rows} peopleIn={peopleIn} />}
      {documents.hasNextPage && (
        <Button busy={documents.isFetchingNextPage} onClick={() => void documents.fetchNextPage()}>
          Show more
        </Button>
      )}
      {isCreating && <NewDocumentDialog workspace={workspace.id} onClose={() => setCreating(false)} />}
    </section>
  )
}

function List({ workspace, rows, peopleIn }: { workspace: Workspace; rows: SharedDocument[]; peopleIn: PeopleIn }) {
  const [renaming, setRenaming] = useState<SharedDocument | null>(null)
  const remove = useRemoval(workspace.id)
  if (rows.length === 0) {
    return (
      <div className="empty">
        <p>No documents yet.</p>
        {workspace.permissions.can_edit && <p className="soft">Begin with an empty page, or paste text or Markdown.</p>}
      </div>
    )
  }
  return (
    <>
      <ul className="rows">
        {rows.map((document) => (
          <li key={document.id} className="row">
            <div className="row-main">
              <Link href={`/documents/${document.id}`} className="row-title">
                {document.title}
              </Link>
              <p className="soft meta">
                <span>{DOCUMENT_TYPES[document.type]}</span>
                <span>
                  <LastEdit document={document} members={workspace.members} />
                </span>
              </p>
            </div>
            <InIt people={peopleIn.get(document.id)} title={document.title} />
            {workspace.permissions.can_edit && (
              <div className="row-actions">
                <Button look="quiet" aria-label={`Rename ${document.title}`} onClick={() => setRenaming(document)}>
                  Rename
                </Button>
                <Button look="quiet" aria-label={`Delete ${document.title}`} onClick={() => remove(document)}>
                  Delete
                </Button>
              </div>
            )}
          </li>
        ))}
      </ul>
      {renaming && <RenameDocumentDialog document={renaming} onClose={() => setRenaming(null)} />}
    </>
  )
}

const InIt = ({ people, title }: { people: Somebody[] | undefined; title: string }) =>
  people ? <Roster people={people} label={`Who is in ${title}`} testId="in-it" /> : null

function LastEdit({ document, members }: { document: SharedDocument; members: Member[] }) {
  const editor = members.find((member) => member.user_id === document.last_edited_by)
  if (!document.last_edited_by) {
    return (
      <>
        Made <When at={document.created_at} />
      </>
    )
  }
  return (
    <>
      Edited <When at={document.updated_at} /> by {editor?.username ?? 'a former member'}
    </>
  )
}

/** Deleting asks nothing and can be undone: what is deleted stays until it is purged. */
function useRemoval(workspace: string) {
  const remove = useDeleteDocument(workspace)
  const restore = useRestoreDocument(workspace)
  const say = useToast()
  const failed = (error: Error) => say(messageOf(error), { kind: 'error' })
  return (document: SharedDocument) =>
    remove.mutate(document.id, {
      onSuccess: () =>
        say(`“${document.title}” was deleted.`, {
          action: { label: 'Undo', run: () => restore.mutate(document.id, { onError: failed }) },
        }),
      onError: failed,
    })
}
