/** Requests to the server that served the page, by the types of its own description; the session is a cookie. */

import createClient from 'openapi-fetch'

import { ApiError, Unreachable } from './errors'
import type { ErrorBody, paths } from './schema'

const TIMEOUT_MS = 30_000

/** Every call throws ApiError for an answer that is an error, Unreachable when there is none. */
export const api = createClient<paths>({
  credentials: 'same-origin',
  headers: { Accept: 'application/json' },
  fetch: send,
})

/** The body of the answer. */
export async function bodyOf<T>(answer: Promise<{ data?: T }>): Promise<T> {
  return (await answer).data as T
}

/** As `bodyOf`, for answers in the envelope `{data}`. */
export async function dataOf<T>(answer: Promise<{ data?: { data: T } }>): Promise<T> {
  return (await bodyOf(answer)).data
}

async function send(request: Request): Promise<Response> {
  const { status, text } = await heard(request)
  const json = parsed(text)
  if (status >= 400) throw errorOf(status, json)
  // A page of HTML in its stead is a proxy's, or that of a network that wants a sign-in.
  if (text !== '' && json === undefined) throw new Unreachable()
  return new Response(text === '' ? null : text, { status })
}

/** The whole answer: what breaks off on its way is none. */
async function heard(request: Request): Promise<{ status: number; text: string }> {
  try {
    const answer = await fetch(request, { signal: AbortSignal.any([request.signal, AbortSignal.timeout(TIMEOUT_MS)]) })
    return { status: answer.status, text: await answer.text() }
  } catch (error) {
    if (request.signal.aborted) throw error
    throw new Unreachable()
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function errorOf(status: number, json: unknown): ApiError {
  const body = (json ?? {}) as Partial<ErrorBody>
  const message = body.message ?? `The server answered ${status}.`
  return new ApiError(status, body.code ?? 'unknown', message, body.details ?? [])
}
