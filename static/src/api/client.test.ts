import { afterEach, expect, test, vi } from 'vitest'

import { api, bodyOf, dataOf } from './client'
import { ApiError, Unreachable } from './errors'

const ORIGIN = 'http://here.test'
const answering = (answer: () => Response | Promise<Response>) => {
  const asked: Request[] = []
  vi.stubGlobal('fetch', (request: Request) => (asked.push(request), Promise.resolve().then(answer)))
  return asked
}
const json = (body: unknown, status = 200) => () => new Response(JSON.stringify(body), { status })
const me = () => bodyOf(api.GET('/auth/me', { baseUrl: ORIGIN }))

afterEach(() => vi.unstubAllGlobals())

test('the answer is its body, or what is in its envelope', async () => {
  answering(json({ id: 'u' }))
  expect(await me()).toEqual({ id: 'u' })
  const asked = answering(json({ data: { unread: 1, unseen: 0 }, next_cursor: null, stream: null }))
  expect(await dataOf(api.GET('/notifications/counts', { baseUrl: ORIGIN }))).toEqual({ unread: 1, unseen: 0 })
  expect([asked[0]!.url, asked[0]!.credentials]).toEqual([`${ORIGIN}/notifications/counts`, 'same-origin'])
})

test('what stands in a path cannot leave it', async () => {
  const asked = answering(json({}))
  await api.DELETE('/auth/tokens/{token_id}', { baseUrl: ORIGIN, params: { path: { token_id: '../me?x=😀' } } })
  expect(asked[0]!.url).toBe(`${ORIGIN}/auth/tokens/..%2Fme%3Fx%3D%F0%9F%98%80`)
})

test('an error says what the server says, or else its status', async () => {
  answering(json({ message: 'No.', code: 'forbidden', details: [{ field: 'name', issue: 'is too long' }] }, 403))
  const error = (await me().catch((each: unknown) => each)) as ApiError
  expect([error.status, error.code, error.message, error.issueOf('name')]).toEqual([403, 'forbidden', 'No.', 'Is too long.'])
  answering(() => new Response('<h1>Bad gateway</h1>', { status: 502 }))
  await expect(me()).rejects.toMatchObject({ status: 502, code: 'unknown', message: 'The server answered 502.' })
})

test('no answer, half an answer and a page in its stead are no answer; nothing said is one', async () => {
  answering(() => Promise.reject(new TypeError('no network')))
  await expect(me()).rejects.toBeInstanceOf(Unreachable)
  answering(() => new Response(new ReadableStream({ start: (body) => body.error(new Error('cut')) })))
  await expect(me()).rejects.toBeInstanceOf(Unreachable)
  answering(() => new Response('<h1>Sign in to the hotel</h1>'))
  await expect(me()).rejects.toBeInstanceOf(Unreachable)
  answering(() => new Response(null, { status: 204 }))
  expect(await bodyOf(api.POST('/auth/logout', { baseUrl: ORIGIN }))).toBeUndefined()
})

test('what was given up is told as that', async () => {
  const stop = new AbortController()
  answering(() => (stop.abort(new Error('left')), Promise.reject(stop.signal.reason)))
  await expect(bodyOf(api.GET('/auth/me', { baseUrl: ORIGIN, signal: stop.signal }))).rejects.toThrow('left')
})
