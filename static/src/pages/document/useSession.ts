import { useEffect, useState } from 'react'

import type { Me } from '../../api/types'
import { DocumentSession } from '../../session/documentSession'

/** The session of an open document, as long as its page is shown. */
export function useSession(me: Me, id: string): DocumentSession | null {
  const [session, setSession] = useState<DocumentSession | null>(null)
  const [person] = useState(me) // its fields may be fetched again; it stays the same person
  useEffect(() => {
    let isGone = false
    let opened: DocumentSession
    const open = () => {
      const fresh = (opened = new DocumentSession(person, id))
      const unsubscribe = fresh.subscribe(() => {
        if (fresh.snapshot().stale !== 'renew') return
        unsubscribe()
        void fresh.abandon().then(() => isGone || open())
      })
      setSession(fresh)
    }
    open()
    return () => {
      isGone = true
      opened.release()
    }
  }, [person, id])
  return session
}
