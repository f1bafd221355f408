/** What can go wrong with a request, as a person reads it. */

export interface FieldIssue {
  field: string
  issue: string
}

/** The server's answer was an error: its status, its code word, and which fields are wrong. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: readonly FieldIssue[] = [],
  ) {
    super(message)
    this.name = 'ApiError'
  }

  /** What is wrong with one field, if anything. */
  issueOf(field: string): string | undefined {
    const found = this.details.find((each) => each.field === field || each.field.endsWith(`.${field}`))
    return found && sentence(found.issue)
  }
}

/** No answer came: no network, no server, or it took too long. */
export class Unreachable extends Error {
  constructor() {
    super('The server does not answer. Check your connection; nothing was changed.')
    this.name = 'Unreachable'
  }
}

export function isSignedOut(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401
}

/** Will the same request come out the same way again? */
export function isFinal(error: unknown): boolean {
  return error instanceof ApiError && error.status < 500 && error.status !== 429
}

export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return 'Something went wrong.'
  if (!(error instanceof ApiError) || error.details.length === 0) return error.message
  return error.details.map((each) => sentence(`${each.field} ${each.issue}`)).join(' ')
}

function sentence(text: string): string {
  const trimmed = text.trim()
  const begun = trimmed.charAt(0).toUpperCase() + trimmed.slice(1)
  return /[.!?]$/.test(begun) ? begun : `${begun}.`
}
