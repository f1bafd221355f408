/** Who may see the pages inside: the person of the session; offline, whoever used this browser last. */

import { useRef, type ReactNode } from 'react'

import { useMe, useStatus } from '../api/auth'
import type { Me } from '../api/types'
import { rememberedPerson } from '../device/person'
import { usePersonOfFeed } from '../live/context'
import { SignIn } from '../pages/signin/SignIn'
import { useKeptPush } from '../push/keep'
import { LoadFailed } from '../ui/Notice'
import { Skeleton } from '../ui/Skeleton'

interface Props {
  /** The page stays when the session ends under it: it has edits to save, and asks to sign in again by itself. */
  stays?: boolean
  children: (me: Me) => ReactNode
}

export function Doorway({ stays = false, children }: Props) {
  const me = useMe()
  const status = useStatus()
  const last = useRef<Me | null>(null)
  // Known already, or not reachable now: local copies can be read and edited by whom they belong to.
  const person = me.data ?? (me.data === undefined && me.isError ? rememberedPerson() : null)
  if (person) last.current = person
  usePersonOfFeed(me.data?.id)
  useKeptPush(me.data?.id)
  if (stays && last.current) return children(last.current)
  if (person) return children(person)
  if (me.data === null) return <SignIn needsSetup={status.data?.needs_setup ?? false} />
  if (me.isError) {
    return (
      <div className="page page-narrow">
        <LoadFailed error={me.error} onRetry={() => void me.refetch()} />
      </div>
    )
  }
  return (
    <div className="page">
      <Skeleton rows={4} label="Signing in" />
    </div>
  )
}
