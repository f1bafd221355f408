/** The groups of the organisation: people who are mentioned together. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'

import { api, bodyOf } from './client'
import type { Group } from './types'

const GROUPS = ['groups'] as const
const ONE = '/auth/groups/{group_id}'
const MEMBER = '/auth/groups/{group_id}/members/{user_id}'

export function useGroups() {
  return useQuery({
    queryKey: GROUPS,
    queryFn: ({ signal }) => bodyOf(api.GET('/auth/groups', { signal })),
    staleTime: 60_000,
  })
}

export interface GroupWish {
  name: string
  /** Ids of users. */
  people: ReadonlySet<string>
}

/** Make a group, or make `group` what is wished. Tried again after a failure, it does what is left to do. */
export function useSaveGroup(group: Group | null) {
  const id = useRef(group?.id)
  return useGroupChange(async (wish: GroupWish) => {
    const held = await (id.current === undefined
      ? bodyOf(api.POST('/auth/groups', { body: { name: wish.name } }))
      : bodyOf(api.GET(ONE, { params: { path: { group_id: id.current } } })))
    id.current = held.id
    await fit(held, wish)
  })
}

async function fit(held: Group, { name, people }: GroupWish): Promise<void> {
  if (held.name !== name) await api.PATCH(ONE, { params: { path: { group_id: held.id } }, body: { name } })
  const before = new Set(held.members.map((member) => member.user_id))
  const pathOf = (user_id: string) => ({ params: { path: { group_id: held.id, user_id } } })
  for (const user of people) if (!before.has(user)) await api.PUT(MEMBER, pathOf(user))
  for (const user of before) if (!people.has(user)) await api.DELETE(MEMBER, pathOf(user))
}

export const useDeleteGroup = () =>
  useGroupChange((group_id: string) => bodyOf(api.DELETE(ONE, { params: { path: { group_id } } })))

function useGroupChange<W>(change: (wish: W) => Promise<unknown>) {
  const client = useQueryClient()
  return useMutation({ mutationFn: change, onSettled: () => client.invalidateQueries({ queryKey: GROUPS }) })
}
