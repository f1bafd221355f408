import type { ReactNode } from 'react'

import { ApiError, messageOf } from '../api/errors'
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

/** What is wrong with a form as a whole; what is wrong with one of `fields` stands at that field already. */
export function FormError({ error, fields = [] }: { error: unknown; fields?: readonly string[] }) {
  if (!error) return null
  const details = error instanceof ApiError ? error.details : []
  if (details.length > 0 && details.every((each) => fields.includes(each.field))) return null
  return <Notice kind="error">{messageOf(error)}</Notice>
}
