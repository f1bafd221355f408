/** Web Push as this browser has it (https://www.w3.org/TR/push-api/). */

/** Why messages can or cannot come to this browser. */
export type Ability = 'able' | 'denied' | 'insecure' | 'unsupported'

export function ability(): Ability {
  if (!window.isSecureContext) return 'insecure'
  if (!('serviceWorker' in navigator) || !('PushManager' in window) || !('Notification' in window)) return 'unsupported'
  return Notification.permission === 'denied' ? 'denied' : 'able'
}

/** What this browser is signed up with, if it is. */
export async function subscriptionHere(): Promise<PushSubscription | null> {
  const registration = await navigator.serviceWorker?.getRegistration()
  return (await registration?.pushManager?.getSubscription()) ?? null
}

/** By which a browser knows itself in the list of devices: hex digits of the SHA-256 of its endpoint. */
export async function hashOf(endpoint: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(endpoint))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Ask the person, then the browser's push service. Null: the person said no. */
export async function subscribe(publicKey: string): Promise<PushSubscriptionJSON | null> {
  if ((await Notification.requestPermission()) !== 'granted') return null
  const { pushManager } = await navigator.serviceWorker.ready
  // One that was made with another key of the server is of no use, and stands in the way.
  await (await pushManager.getSubscription())?.unsubscribe()
  const subscription = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: publicKey })
  return subscription.toJSON()
}

/** Nothing comes to this browser any more, whatever the server believes. */
export const unsubscribe = async (): Promise<void> => void (await (await subscriptionHere())?.unsubscribe())

const BROWSERS = [['Edg/', 'Edge'], ['OPR/', 'Opera'], ['Firefox/', 'Firefox'], ['Chrome/', 'Chrome'], ['Safari/', 'Safari']] as const
const SYSTEMS = [['Android', 'Android'], ['iPhone', 'iPhone'], ['iPad', 'iPad'], ['Windows', 'Windows'], ['Mac OS', 'Mac'], ['Linux', 'Linux']] as const

/** Such as "Firefox on Linux": enough to know it again in a list of one's own devices. */
export function deviceName(userAgent: string): string {
  const found = (names: readonly (readonly [string, string])[], otherwise: string) => names.find(([mark]) => userAgent.includes(mark))?.[1] ?? otherwise
  return `${found(BROWSERS, 'A browser')} on ${found(SYSTEMS, 'a device')}`
}
