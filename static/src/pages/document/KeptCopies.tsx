/** What the reader had written before the document was brought back from a backup: it is kept, and waits for a word. */

import { useState } from 'react'

import { addressOf, useBranches, useBranchUpdate, useDiscardBranch, useMergeBranch } from '../../api/branches'
import { messageOf } from '../../api/errors'
import type { Branch } from '../../api/types'
import type { DocumentSession } from '../../session/documentSession'
import { Button } from '../../ui/Button'
import { Confirm } from '../../ui/Confirm'
import { Dialog } from '../../ui/Dialog'
import { LoadFailed, Notice } from '../../ui/Notice'
import { Skeleton } from '../../ui/Skeleton'
import { useToast } from '../../ui/Toasts'
import { When } from '../../ui/When'
import { linesOf, textOf, type Line } from './compare'
import { markdownOf } from './downloads'

interface Props {
  session: DocumentSession
  title: string
  isLive: boolean
}

export function KeptCopies({ session, title, isLive }: Props) {
  const { data } = useBranches(session.document, isLive)
  const mine = (data ?? []).filter((branch) => branch.state === 'kept' && branch.user_id === session.me.id)
  if (mine.length === 0) return null
  return (
    <div className="beside kept-copies">
      {mine.map((branch) => (
        <KeptCopy key={branch.id} session={session} title={title} branch={branch} />
      ))}
    </div>
  )
}

function KeptCopy({ session, title, branch }: { session: DocumentSession; title: string; branch: Branch }) {
  const [open, setOpen] = useState<'compare' | 'discard' | null>(null)
  const merge = useMergeBranch(session.document)
  const discard = useDiscardBranch(session.document)
  const say = useToast()
  const onMerge = () =>
    merge.mutate(branch.id, {
      onSuccess: () => say('Your copy is in the document now.'),
      onError: (error) => say(messageOf(error), { kind: 'error' }),
    })
  return (
    <Notice kind="info">
      <p>
        <strong>Your offline copy of before the restore was kept.</strong> This document was brought back from a backup. What you wrote
        since that backup is not in it; it was kept <When at={branch.created_at} />.
      </p>
      <div className="actions">
        <Button onClick={() => setOpen('compare')}>Compare</Button>
        <Button busy={merge.isPending} onClick={onMerge}>
          Merge
        </Button>
        <a className="button button-plain" href={addressOf(session.document, branch.id, 'markdown')} download={`${title}.md`}>
          Download
        </a>
        <Button look="quiet" onClick={() => setOpen('discard')}>
          Discard
        </Button>
      </div>
      {open === 'compare' && <Compare session={session} branch={branch} onClose={() => setOpen(null)} />}
      {open === 'discard' && (
        <Confirm
          title="Discard your copy?"
          action="Discard it"
          busy={discard.isPending}
          error={discard.error}
          onConfirm={() => discard.mutate(branch.id, { onSuccess: () => setOpen(null) })}
          onClose={() => setOpen(null)}
        >
          <p>What you wrote between the backup and the restore is gone then. Nobody can bring it back.</p>
        </Confirm>
      )}
    </Notice>
  )
}

function Compare({ session, branch, onClose }: { session: DocumentSession; branch: Branch; onClose: () => void }) {
  const { data, error, refetch } = useBranchUpdate(session.document, branch.id)
  return (
    <Dialog title="Your copy and the document" look="wide" onClose={onClose}>
      {error ? (
        <LoadFailed error={error} onRetry={() => void refetch()} />
      ) : data ? (
        <Texts copy={textOf(data)} document={markdownOf(session.doc)} />
      ) : (
        <Skeleton rows={6} label="Loading your copy" />
      )}
      <div className="actions">
        <Button onClick={onClose} autoFocus>
          Close
        </Button>
      </div>
    </Dialog>
  )
}

function Texts({ copy, document }: { copy: string; document: string }) {
  return (
    <div className="compared">
      <Text heading="Your copy" lines={linesOf(copy, document)} />
      <Text heading="The document now" lines={linesOf(document, copy)} />
    </div>
  )
}

/** What the other lacks is marked; it is told by more than its colour. */
function Text({ heading, lines }: { heading: string; lines: Line[] }) {
  return (
    <section aria-label={heading}>
      <h3>{heading}</h3>
      <div className="compared-text" tabIndex={0} role="group" aria-label={`${heading}: its text`}>
        {lines.length === 0 && <p className="empty">Nothing is written here.</p>}
        {lines.map((line, at) => (line.isOwn ? <p key={at}><mark>{line.text}</mark></p> : <p key={at}>{line.text}</p>))}
      </div>
    </section>
  )
}
