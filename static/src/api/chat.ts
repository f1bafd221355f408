/** The chats in which one is told. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { api, bodyOf, dataOf } from './client'
import type { NewChatAddress } from './schema'

const CHAT = ['chat'] as const
const ADDRESS = '/notifications/chat/addresses/{address_id}'
const paramsOf = (address_id: string) => ({ params: { path: { address_id } } })

export function useChat() {
  return useQuery({ queryKey: CHAT, queryFn: ({ signal }) => dataOf(api.GET('/notifications/chat', { signal })) })
}

export const useAddChat = () => useChatChange((body: NewChatAddress) => dataOf(api.POST('/notifications/chat/addresses', { body })))

export const useRemoveChat = () => useChatChange((id: string) => bodyOf(api.DELETE(ADDRESS, paramsOf(id))))

export const useTestChat = () => useChatChange((id: string) => dataOf(api.POST(`${ADDRESS}/test`, paramsOf(id))))

function useChatChange<W, T>(change: (wish: W) => Promise<T>) {
  const client = useQueryClient()
  return useMutation({ mutationFn: change, onSettled: () => client.invalidateQueries({ queryKey: CHAT }) })
}
