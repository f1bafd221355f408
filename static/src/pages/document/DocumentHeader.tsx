import { Link } from 'wouter'

import { useWorkspace } from '../../api/workspaces'
import { InboxLink } from '../../app/InboxLink'
import { ThemeButton } from '../../app/ThemeButton'
import { showShortcuts } from '../../app/Shortcuts'
import type { Comments } from '../../comments/useComments'
import type { DocumentSession, SessionView } from '../../session/documentSession'
import { Icon } from '../../ui/Icon'
import { Roster } from '../../ui/Roster'
import { downloadJson, downloadMarkdown } from './downloads'
import { SaveMark } from './SaveMark'
import { SubscriptionMenu } from './Subscription'
import { Title } from './Title'
import type { HeadView } from './useHead'

interface Props {
  session: DocumentSession
  view: SessionView
  head: HeadView
  mayRename: boolean
  comments: Comments
}

export function DocumentHeader({ session, view, head, mayRename, comments }: Props) {
  return (
    <div className="document-head">
      <BackLink workspace={head.workspace} />
      <Title key={head.title} id={session.document} title={head.title} mayRename={mayRename} />
      <SaveMark save={view.save} />
      <div className="document-end">
        <Roster people={view.people} />
        <CommentsButton comments={comments} />
        <button type="button" className="icon-button wide-only" aria-label="Keyboard shortcuts" title="Keyboard shortcuts (?)" onClick={showShortcuts}>
          <Icon name="keyboard" />
        </button>
        <SubscriptionMenu document={session.document} isLive={view.save.link === 'live'} />
        <DownloadMenu session={session} title={head.title} disabled={!view.ready} />
        <InboxLink />
        <span className="wide-only">
          <ThemeButton />
        </span>
      </div>
    </div>
  )
}

function CommentsButton({ comments: { count, isOpen, setOpen } }: { comments: Comments }) {
  const label = `Comments${count > 0 ? `, ${count} open` : ''}`
  return (
    <button type="button" className="icon-button comments-button" aria-label={label} title={label} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
      <Icon name="comment" />
      {count > 0 && <span aria-hidden="true">{count}</span>}
    </button>
  )
}

function BackLink({ workspace }: { workspace: string | null }) {
  const name = useWorkspace(workspace ?? undefined).data?.name
  const label = name ? `Back to ${name}` : 'Back to the workspace'
  return (
    <Link href={workspace ? `/workspaces/${workspace}` : '/workspaces'} className="icon-button" aria-label={label} title={label}>
      <Icon name="back" />
    </Link>
  )
}

function DownloadMenu({ session, title, disabled }: { session: DocumentSession; title: string; disabled: boolean }) {
  return (
    <>
      <button type="button" className="icon-button" popoverTarget="downloads" aria-label="Download a copy" title="Download a copy" disabled={disabled}>
        <Icon name="download" />
      </button>
      <div id="downloads" popover="auto" className="menu" aria-label="Download a copy">
        <button type="button" popoverTarget="downloads" popoverTargetAction="hide" onClick={() => downloadMarkdown(session.doc, title)}>
          Markdown
        </button>
        <button type="button" popoverTarget="downloads" popoverTargetAction="hide" onClick={() => downloadJson(session.doc, title)}>
          JSON
        </button>
      </div>
    </>
  )
}
