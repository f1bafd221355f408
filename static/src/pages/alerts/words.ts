/** What alerts are called. */

import type { PerfAlert } from '../../api/schema'

export const SEVERITIES: Record<PerfAlert['severity'], string> = { critical: 'Critical', error: 'Error', warning: 'Warning', info: 'Info' }
export const SEVERITY_LOOKS: Record<PerfAlert['severity'], string> = { critical: 'bad', error: 'bad', warning: 'warn', info: 'quiet' }
export const STATES: Record<PerfAlert['status'], string> = { open: 'Open', acknowledged: 'Acknowledged', resolved: 'Resolved', closed: 'Closed' }

const ENTRIES: Record<string, string> = {
  opened: 'Began',
  raised: 'Got worse',
  acknowledged: 'Acknowledged',
  resolved: 'Resolved',
  reopened: 'Reopened',
  muted: 'Silenced',
  unmuted: 'No longer silenced',
}

export const entryWords = (kind: string): string => ENTRIES[kind] ?? kind
