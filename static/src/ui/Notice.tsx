import type { ReactNode } from 'react'

import { messageOf } from '../api/errors'
import { Button } from './Button'

/** A message in the page. Errors are read out at once. */
export function Notice({ kind, children }: { kind: 'error' | 'warning' | 'info' | 'good'; children: ReactNode }) {
  return (
    <div className={`notice notice-${kind}`} role={kind === 'error' ? 'alert' : 'status'}>
      {children}
    </div>
  )
}

/** What stands in the place of something that could not be loaded. */
export function LoadFailed({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  return (
    <Notice kind="error">
      <p>{messageOf(error)}</p>
      <Button onClick={onRetry}>Try again</Button>
    </Notice>
  )
}
