/** Requests to the server that served the page: JSON both ways, the session is a cookie. */

import { ApiError, Unreachable, type FieldIssue } from './errors'

const TIMEOUT_MS = 30_000

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

interface ErrorBody {
  message?: string
  code?: string
  details?: FieldIssue[]
}

/** The body of the answer. Throws ApiError for an answer that is an error, Unreachable when there is none. */
export async function request<T>(method: Method, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const answer = await send(method, path, body, signal)
  const text = await answer.text().catch(() => {
    throw new Unreachable()
  })
  const json = parsed(text)
  if (!answer.ok) throw errorOf(answer, json)
  return json as T
}

/** As `request`, for answers in the envelope `{data}`. */
export async function requestData<T>(method: Method, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  return (await request<{ data: T }>(method, path, body, signal)).data
}

async function send(method: Method, path: string, body: unknown, signal?: AbortSignal): Promise<Response> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS)
  try {
    return await fetch(path, {
      method,
      credentials: 'same-origin',
      headers: { Accept: 'application/json', ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      body: body === undefined ? null : JSON.stringify(body),
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new Unreachable()
  }
}

function parsed(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    return undefined // a proxy's page of HTML: the status says what is known
  }
}

function errorOf(answer: Response, json: unknown): ApiError {
  const body = (json ?? {}) as ErrorBody
  const message = body.message ?? `The server answered ${answer.status}.`
  return new ApiError(answer.status, body.code ?? 'unknown', message, body.details ?? [])
}
