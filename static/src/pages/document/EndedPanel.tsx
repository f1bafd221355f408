/** Why the document can be used no longer, and what can be done with the copy of this page. */

import { useSyncExternalStore, type ReactNode } from 'react'
import { Link } from 'wouter'

import { hasUnsaved, type Ending } from '../../save/machine'
import type { DocumentSession } from '../../session/documentSession'
import { Button } from '../../ui/Button'
import { SignInForm } from '../signin/SignIn'
import { downloadJson, downloadMarkdown } from './downloads'

const TITLES: Record<Ending, string> = {
  'signed-out': 'Your session has ended',
  'no-access': 'You have no access to this document any more',
  deleted: 'This document was deleted',
  refused: 'The server refused an edit',
  'over-quota': 'This document has grown too large',
  'not-kept': 'This document was brought back from a backup',
}

const TEXTS: Record<Ending, string> = {
  'signed-out': 'Sign in again and everything goes on where it was. You can keep on writing meanwhile.',
  'no-access': 'Somebody changed who may open it.',
  deleted: 'An editor of its workspace can restore it.',
  refused: 'This page and the server no longer agree. Download your copy if you need it, then load the text of the server.',
  'over-quota': 'The server takes no more edits. Download your copy if you need it, then load the text of the server.',
  'not-kept': 'You may only read it now, so what you wrote before is not kept. Download your copy if you need it, then load the text of the server.',
}

export function EndedPanel({ session, ending, title }: { session: DocumentSession; ending: Ending; title: string }) {
  const { save, ready } = useSyncExternalStore(session.subscribe, session.snapshot)
  const unsaved = hasUnsaved(save)
  return (
    <section className="ended" role="alert" aria-label={TITLES[ending]}>
      <h2>{TITLES[ending]}</h2>
      <p>{TEXTS[ending]}</p>
      {unsaved && ending !== 'signed-out' && <p>Your last edits are not on the server. They are in the copy below.</p>}
      {ending === 'signed-out' && <SignInForm email={session.me.email ?? undefined} onDone={() => session.resume()} />}
      <div className="actions">
        {ready && <Downloads session={session} title={title} />}
        <WayOut session={session} ending={ending} unsaved={unsaved} />
      </div>
    </section>
  )
}

function Downloads({ session, title }: { session: DocumentSession; title: string }) {
  return (
    <>
      <Button onClick={() => downloadMarkdown(session.doc, title)}>Download as Markdown</Button>
      <Button onClick={() => downloadJson(session.doc, title)}>Download as JSON</Button>
    </>
  )
}

function WayOut({ session, ending, unsaved }: { session: DocumentSession; ending: Ending; unsaved: boolean }): ReactNode {
  if (ending === 'signed-out') return null
  if (ending === 'refused' || ending === 'over-quota' || ending === 'not-kept') {
    return (
      <Button look="danger" onClick={() => void session.discard().then(() => location.reload())}>
        Discard my copy and reload
      </Button>
    )
  }
  if (unsaved) {
    return (
      <Button look="danger" onClick={() => void session.discard().then(() => location.assign('/workspaces'))}>
        Discard my copy
      </Button>
    )
  }
  return (
    <Link href="/workspaces" className="button button-plain">
      To your workspaces
    </Link>
  )
}
