/** What this browser has turned on is kept by whoever turned it on, and by nobody who comes after him. */

import { useEffect } from 'react'

import { addDevice, fetchPush } from '../api/push'
import { hashOf, subscriptionHere } from './browser'

/** Once for each sign-in; without push in this browser nothing is asked. */
export function useKeptPush(user: string | undefined): void {
  useEffect(() => {
    if (user !== undefined) void keep().catch(() => undefined) // without a network: the next time will do
  }, [user])
}

async function keep(): Promise<void> {
  const subscription = await subscriptionHere()
  if (!subscription) return
  const { subscriptions } = await fetchPush()
  const hash = await hashOf(subscription.endpoint)
  // It ends with the session that it was last sent in, so that signing out is enough.
  if (subscriptions.some((each) => each.endpoint_hash === hash)) return void (await addDevice(subscription.toJSON()))
  // Of somebody else, or of a session that was ended.
  await subscription.unsubscribe()
  const registration = await navigator.serviceWorker.getRegistration()
  for (const shown of (await registration?.getNotifications()) ?? []) shown.close()
}
