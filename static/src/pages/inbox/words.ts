/** The words for what one is told about. */

import type { Severity } from '../../api/types'

export const KINDS: Record<string, string> = {
  mention: 'Mention',
  reply: 'Reply',
  comment: 'Comment',
  reaction: 'Reaction',
  resolved: 'Resolved',
  invitation: 'Invitation',
  membership: 'Membership',
  escalation: 'Escalation',
  alert: 'Alert',
  incident: 'Incident',
  threat: 'Threat',
  approval: 'Approval',
  workflow: 'Workflow',
}

/** A kind that came with a newer server is shown by its own name. */
export const kindWords = (kind: string): string => KINDS[kind] ?? kind.charAt(0).toUpperCase() + kind.slice(1).replaceAll('_', ' ')

export const SEVERITIES: Record<Exclude<Severity, 'info'>, string> = { warning: 'Warning', high: 'High', critical: 'Critical' }
