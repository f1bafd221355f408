/** Sign out, and take the local copies along; with unsaved edits on the device, ask first. */

import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { logout } from '../api/auth'
import { messageOf } from '../api/errors'
import type { Me } from '../api/types'
import { removeCopies } from '../device/copies'
import { unsavedDocuments, type UnsavedDocument } from '../device/unsaved'
import { Button } from '../ui/Button'
import { Dialog } from '../ui/Dialog'
import { Notice } from '../ui/Notice'
import { useToast } from '../ui/Toasts'

/** `stay`: on the page, which then is as it is for somebody who is not signed in. */
export function SignOut({ me, stay = false }: { me: Me; stay?: boolean }) {
  const [unsaved, setUnsaved] = useState<UnsavedDocument[] | null>(null)
  const { busy, leave } = useLeave(me, stay)
  const start = () => {
    const found = unsavedDocuments(me.id)
    if (found.length > 0) setUnsaved(found)
    else void leave(true)
  }
  return (
    <>
      <Button look="quiet" busy={busy} onClick={start}>
        Sign out
      </Button>
      {unsaved && (
        <Dialog title="Edits that are not saved" onClose={() => setUnsaved(null)}>
          <Notice kind="warning">The server does not have your last edits of:</Notice>
          <ul className="plain-list">
            {unsaved.map((each) => (
              <li key={each.document}>
                <a href={`/documents/${each.document}`}>{each.title}</a>
              </li>
            ))}
          </ul>
          <p className="prose">Open the document to have them saved. Kept edits can be read by who uses this browser.</p>
          <div className="actions">
            <Button onClick={() => setUnsaved(null)} autoFocus>
              Stay
            </Button>
            <Button busy={busy} onClick={() => void leave(false)}>
              Keep them here and sign out
            </Button>
            <Button look="danger" busy={busy} onClick={() => void leave(true)}>
              Discard them and sign out
            </Button>
          </div>
        </Dialog>
      )}
    </>
  )
}

function useLeave(me: Me, stay: boolean) {
  const client = useQueryClient()
  const say = useToast()
  const [busy, setBusy] = useState(false)
  const leave = async (everything: boolean) => {
    setBusy(true)
    try {
      await logout()
      await removeCopies(me.id, everything)
      client.clear()
      if (stay) location.reload()
      else location.assign('/signin')
    } catch (error) {
      say(messageOf(error), { kind: 'error' })
      setBusy(false)
    }
  }
  return { busy, leave }
}
