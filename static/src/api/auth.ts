/** Who is signed in, and the credentials of an account. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { forgetPerson, rememberPerson } from '../device/person'
import { api, bodyOf } from './client'
import { isSignedOut } from './errors'
import type { LoginRequest, NewTokenRequest, PasswordChange, SetupRequest } from './schema'
import type { Me } from './types'

export const ME = ['me'] as const
const TOKENS = ['tokens'] as const

/** The person of the session; null when nobody is signed in. */
export async function fetchMe(signal: AbortSignal | null = null): Promise<Me | null> {
  try {
    const me = await bodyOf(api.GET('/auth/me', { signal }))
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
    queryFn: ({ signal }) => bodyOf(api.GET('/auth/permissions', { signal })),
    staleTime: 60_000,
  })
}

export function useStatus() {
  return useQuery({
    queryKey: ['status'],
    queryFn: ({ signal }) => bodyOf(api.GET('/auth/status', { signal })),
    staleTime: 60_000,
  })
}

/** Sign in: the cookie is set by the answer. */
export function login(body: LoginRequest) {
  return bodyOf(api.POST('/auth/login', { body }))
}

/** `again`: the same person in a page that stays; else everything that was known is asked anew. */
export function useLogin(again = false) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: login,
    onSuccess: () => (again ? client.invalidateQueries() : client.resetQueries()),
  })
}

/** Make the first account from the one-time link, and sign in with it. */
export function useSetUp() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: SetupRequest) => bodyOf(api.POST('/auth/setup', { body })),
    onSuccess: () => client.resetQueries(),
  })
}

/** End the session on the server, then forget who it was. */
export async function logout(): Promise<void> {
  try {
    await api.POST('/auth/logout')
  } catch (error) {
    if (!isSignedOut(error)) throw error
  }
  forgetPerson()
}

export function useChangePassword() {
  return useMutation({
    mutationFn: (body: PasswordChange) => bodyOf(api.POST('/auth/password', { body })),
  })
}

export function useTokens() {
  return useQuery({
    queryKey: TOKENS,
    queryFn: ({ signal }) => bodyOf(api.GET('/auth/tokens', { signal })),
  })
}

export function useCreateToken() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: NewTokenRequest) => bodyOf(api.POST('/auth/tokens', { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: TOKENS }),
  })
}

export function useRevokeToken() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (token_id: string) => bodyOf(api.DELETE('/auth/tokens/{token_id}', { params: { path: { token_id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: TOKENS }),
  })
}
