/** The people of the organisation, for its administrators. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { api, bodyOf } from './client'
import type { NewUserRequest, UserChanges } from './schema'

const USERS = ['users'] as const

export function useUsers() {
  return useQuery({
    queryKey: USERS,
    queryFn: ({ signal }) => bodyOf(api.GET('/auth/users', { signal })),
  })
}

export function useAddUser() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: NewUserRequest) => bodyOf(api.POST('/auth/users', { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: USERS }),
  })
}

export function useChangeUser() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, ...body }: UserChanges & { id: string }) =>
      bodyOf(api.PATCH('/auth/users/{user_id}', { params: { path: { user_id: id } }, body })),
    onSettled: () => client.invalidateQueries({ queryKey: USERS }),
  })
}
