/** What the server's last word means for the page. */

import type { Ending } from '../save/machine'

/**
 * `ask`: it may be the session or the right that is gone; the server is asked. `wait`: try again later. `renew`: the
 * document was brought back from a backup, and has all of this copy, or keeps it apart: load it anew.
 */
export type Verdict = Ending | 'ask' | 'wait' | 'renew' | null

const REASONS: Record<string, Verdict> = {
  'document-deleted': 'deleted',
  'no-such-document': 'no-access',
  'over-quota': 'over-quota',
  refused: 'refused',
  malformed: 'refused',
  'too-many-documents': 'wait',
  'copy-outdated': 'renew',
  'copy-not-kept': 'not-kept',
}
const KEPT = 'kept-as-branch:'

const CODES: Record<number, Verdict> = {
  4400: 'refused',
  4401: 'ask',
  4403: 'ask',
  4404: 'no-access',
  4410: 'deleted',
  4413: 'over-quota',
  4422: 'refused',
}

/** Of a PermissionDenied message. */
export function verdictOfReason(reason: string): Verdict {
  return reason.startsWith(KEPT) ? 'renew' : (REASONS[reason] ?? 'ask')
}

/** Of a socket's close code; null: it is an ordinary loss, and the provider connects again by itself. */
export function verdictOfCode(code: number): Verdict {
  return CODES[code] ?? null
}
