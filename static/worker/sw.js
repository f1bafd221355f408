// The service worker: without it a reload without a network would be an empty page, and local edits out of reach.
// `FILES` and `VERSION` are written in by worker/plugin.ts. Pages and data always come from the network when there is
// one; what is kept here is one build of the app, whole, so that its parts always fit together.

const CACHE = `counterpoint-${VERSION}`
const PAGE = '/index.html'
const PATIENCE_MS = 4000

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES)))
})

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches.keys().then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)))),
  )
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== location.origin) return
  if (request.mode === 'navigate') event.respondWith(page(request))
  else if (FILES.includes(pathname)) event.respondWith(file(request, pathname))
})

async function page(request) {
  try {
    return await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) })
  } catch {
    return (await caches.match(PAGE)) ?? Response.error()
  }
}

// A name under /assets/ has a hash of its content: it never changes. The others are asked for anew.
async function file(request, pathname) {
  if (pathname.startsWith('/assets/')) return (await caches.match(pathname)) ?? fetch(request)
  try {
    return await fetch(request)
  } catch {
    return (await caches.match(pathname)) ?? Response.error()
  }
}
