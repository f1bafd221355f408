import type { ReactNode } from 'react'

import type { UnknownNode } from '../../api/schema'
import { LoadFailed, Notice } from '../../ui/Notice'
import { Skeleton } from '../../ui/Skeleton'

interface Props {
  title: string
  about?: string | undefined
  query: { isPending: boolean; isError: boolean; error: unknown; data?: unknown; refetch: () => unknown }
  children: ReactNode
}

/** What was loaded stays when the next look fails; the failure is told above it. */
export function Part({ title, about, query, children }: Props) {
  return (
    <section aria-label={title}>
      <h2>
        {title} {about && <span className="soft">{about}</span>}
      </h2>
      {query.isPending && <Skeleton rows={2} label={`Loading ${title.toLowerCase()}`} />}
      {query.isError && <LoadFailed error={query.error} onRetry={() => void query.refetch()} />}
      {query.data !== undefined && children}
    </section>
  )
}

/** What is shown is shown without these nodes. */
export function Unknown({ nodes }: { nodes: readonly UnknownNode[] }) {
  if (nodes.length === 0) return null
  return (
    <Notice kind="warning">
      {nodes.map((each) => (
        <p key={each.node}>
          Unknown of {each.node}: {each.reason}.
        </p>
      ))}
    </Notice>
  )
}
