/** Who is signed in, and the credentials of an account. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { forgetPerson, rememberPerson } from '../device/person'
import { request } from './client'
import { isSignedOut } from './errors'
import type { Me, NewPersonalToken, PersonalToken, Status, TokenScope } from './types'

export const ME = ['me'] as const
const TOKENS = ['tokens'] as const

/** The person of the session; null when nobody is signed in. */
export async function fetchMe(signal?: AbortSignal): Promise<Me | null> {
  try {
    const me = await request<Me>('GET', '/auth/me', undefined, signal)
    rememberPerson(me)
    return me
  } catch (error) {
    if (!isSignedOut(error)) throw error
    return null
  }
}

export function useMe() {
  return useQuery({ queryKey: ME, queryFn: ({ signal }) => fetchMe(signal), staleTime: 60_000 })
}

export function usePermissions() {
  return useQuery({
    queryKey: ['permissions'],
    queryFn: ({ signal }) => request<{ permissions: string[] }>('GET', '/auth/permissions', undefined, signal),
    staleTime: 60_000,
  })
}

export function useStatus() {
  return useQuery({
    queryKey: ['status'],
    queryFn: ({ signal }) => request<Status>('GET', '/auth/status', undefined, signal),
    staleTime: 60_000,
  })
}

export interface Login {
  email: string
  password: string
}

/** Sign in: the cookie is set by the answer. */
export function login(credentials: Login): Promise<unknown> {
  return request('POST', '/auth/login', credentials)
}

/** `again`: the same person in a page that stays; else everything that was known is asked anew. */
export function useLogin(again = false) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: login,
    onSuccess: () => (again ? client.invalidateQueries() : client.resetQueries()),
  })
}

export interface SetUp extends Login {
  token: string
  name: string
}

/** Make the first account from the one-time link, and sign in with it. */
export function useSetUp() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (setUp: SetUp) => request('POST', '/auth/setup', setUp),
    onSuccess: () => client.resetQueries(),
  })
}

/** End the session on the server, then forget who it was. */
export async function logout(): Promise<void> {
  try {
    await request('POST', '/auth/logout')
  } catch (error) {
    if (!isSignedOut(error)) throw error
  }
  forgetPerson()
}

export function useChangePassword() {
  return useMutation({
    mutationFn: (change: { current: string; new: string }) => request('POST', '/auth/password', change),
  })
}

export function useTokens() {
  return useQuery({
    queryKey: TOKENS,
    queryFn: ({ signal }) => request<PersonalToken[]>('GET', '/auth/tokens', undefined, signal),
  })
}

export interface TokenWish {
  name: string
  scopes: TokenScope[]
  /** null: it never ends by itself. */
  expires_in_days: number | null
}

export function useCreateToken() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (wish: TokenWish) => request<NewPersonalToken>('POST', '/auth/tokens', wish),
    onSuccess: () => client.invalidateQueries({ queryKey: TOKENS }),
  })
}

export function useRevokeToken() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => request('DELETE', `/auth/tokens/${id}`),
    onSuccess: () => client.invalidateQueries({ queryKey: TOKENS }),
  })
}
