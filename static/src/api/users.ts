/** The people of the organisation, for its administrators. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { request } from './client'
import type { OrganisationRole, User } from './types'

const USERS = ['users'] as const

export function useUsers() {
  return useQuery({
    queryKey: USERS,
    queryFn: ({ signal }) => request<User[]>('GET', '/auth/users', undefined, signal),
  })
}

export interface NewUser {
  email: string
  name: string
  password: string
  role: OrganisationRole
}

export function useAddUser() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (user: NewUser) => request<User>('POST', '/auth/users', user),
    onSuccess: () => client.invalidateQueries({ queryKey: USERS }),
  })
}

export interface UserChange {
  id: string
  role?: OrganisationRole
  active?: boolean
  name?: string
  password?: string
}

export function useChangeUser() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, ...changes }: UserChange) => request<User>('PATCH', `/auth/users/${id}`, changes),
    onSettled: () => client.invalidateQueries({ queryKey: USERS }),
  })
}
