import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'

import { sessionsKey, useSessions } from '../../api/sessions'
import { usePresence } from '../../live/usePresence'
import { othersHere, peopleIn } from './here'

/** What the server tells of documents is up to a second old. */
const SETTLED_MS = 1_200

/** Who is in a workspace now: by the events' own connections at once, by the documents that are open soon after. */
export function useHere(workspace: string, me: string) {
  const present = usePresence(`workspace:${workspace}`)
  const sessions = useSessions(workspace).data ?? []
  const client = useQueryClient()
  const ids = present?.map((each) => each.id).join()
  useEffect(() => {
    if (ids === undefined) return
    const timer = setTimeout(() => void client.invalidateQueries({ queryKey: sessionsKey(workspace) }), SETTLED_MS)
    return () => clearTimeout(timer)
  }, [client, workspace, ids])
  return { others: othersHere(present, sessions, me), peopleIn: peopleIn(sessions, me) }
}
