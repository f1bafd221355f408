// Push messages. Each is shown, whatever it says: browsers take push away from a site that shows nothing. What comes is
// the declarative form that server/notifications/push/message.py writes.

const INBOX = '/inbox'
const UNREADABLE = { title: 'Counterpoint', body: 'There is something new.', navigate: INBOX }
const ICON = '/icon-192.png'
const PUSH = '/notifications/push'

self.addEventListener('push', (event) => event.waitUntil(show(read(event.data))))

self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(open(address(event.notification.data?.navigate)))
})

self.addEventListener('pushsubscriptionchange', (event) => event.waitUntil(renew(event.oldSubscription, event.newSubscription)))

function read(data) {
  try {
    const { notification, app_badge } = data.json()
    if (typeof notification.title !== 'string') throw new TypeError('no title')
    return { ...notification, badge: app_badge }
  } catch {
    return UNREADABLE
  }
}

async function show({ title, body = '', navigate, tag, badge }) {
  // With the same tag it takes the place of the one before, and is heard again.
  const again = tag ? { tag, renotify: true } : {}
  await self.registration.showNotification(title, { body, icon: ICON, data: { navigate }, ...again })
  if (Number.isInteger(badge)) await self.navigator.setAppBadge?.(badge).catch(() => undefined)
}

/** A page of ours; anything else is the inbox. */
function address(navigate) {
  const inbox = new URL(INBOX, location.origin)
  try {
    const wanted = new URL(navigate, location.origin)
    return wanted.origin === location.origin ? wanted : inbox
  } catch {
    return inbox
  }
}

/** In the tab that has the page open, which is told where to go on it; else in a new one. No other tab is changed. */
async function open(wanted) {
  const tabs = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  const there = tabs.find(({ url }) => new URL(url).pathname === wanted.pathname)
  if (!there) return self.clients.openWindow(wanted.href)
  there.postMessage({ open: wanted.pathname + wanted.search + wanted.hash })
  return there.focus()
}

/** The browser has another subscription: the server's row becomes that one, and keeps its name. */
async function renew(former, given) {
  const current = given ?? (await subscribe(former))
  const body = JSON.stringify({ ...current.toJSON(), ...(former ? { replaces: former.endpoint } : {}) })
  await fetch(`${PUSH}/subscriptions`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body })
}

async function subscribe(former) {
  const key = former?.options.applicationServerKey ?? (await (await fetch(PUSH)).json()).data.public_key
  return self.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key })
}
