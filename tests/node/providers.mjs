// Opens any published provider version on a document, and gives all of them one face.
import WebSocket from 'ws'
import * as Y from 'yjs'
import { Awareness } from 'y-protocols/awareness'

const WEBSOCKET_PACKAGES = { 1: 'y-websocket-1', 2: 'y-websocket-2', 3: 'y-websocket-3' }
const HOCUSPOCUS_PACKAGES = { 2: 'hocuspocus-provider-2', 3: 'hocuspocus-provider-3', 4: 'hocuspocus-provider-4' }

const socketWith = headers => class extends WebSocket {
  constructor (url, protocols) { super(url, protocols ?? [], { headers, perMessageDeflate: false }) }
}

/** The face: { doc, awareness, closes: [{code, reason}], denials: [string], stateless: [string], status(), connect(), disconnect(), cut(), destroy() } */
export const open = async ({ family, version, user, ...options }) => {
  const doc = new Y.Doc()
  const awareness = new Awareness(doc)
  const face = { doc, awareness, closes: [], denials: [], stateless: [] }
  if (user) awareness.setLocalStateField('user', user)
  const openers = { 'y-websocket': openWebsocket, hocuspocus: openHocuspocus }
  return Object.assign(face, await openers[family](face, version, options))
}

const noteClose = (face, event) => { if (event?.code) face.closes.push({ code: event.code, reason: String(event.reason ?? '') }) }

const openWebsocket = async (face, version, { url, document, token, params, headers = {} }) => {
  const { WebsocketProvider } = await import(WEBSOCKET_PACKAGES[version])
  const provider = new WebsocketProvider(url, document, face.doc, {
    params: { ...params, ...(token ? { token } : {}) },
    awareness: face.awareness,
    WebSocketPolyfill: socketWith(headers),
    disableBc: true
  })
  provider.on('connection-close', event => noteClose(face, event))
  return {
    provider,
    status: () => ({ connected: provider.wsconnected, synced: provider.synced, wanted: provider.shouldConnect, unsynced: null }),
    connect: () => provider.connect(),
    disconnect: () => provider.disconnect(),
    cut: () => provider.ws?.terminate(),
    destroy: () => provider.destroy()
  }
}

const openHocuspocus = async (face, version, { url, document, token, params, headers = {}, provider: extra = {} }) => {
  const { HocuspocusProvider, HocuspocusProviderWebsocket } = await import(HOCUSPOCUS_PACKAGES[version])
  const link = new HocuspocusProviderWebsocket({ url, parameters: params ?? {}, WebSocketPolyfill: socketWith(headers), delay: 200, minDelay: 100, maxDelay: 1000 })
  const provider = new HocuspocusProvider({
    websocketProvider: link,
    name: document,
    document: face.doc,
    awareness: face.awareness,
    token: token ?? null,
    broadcast: false,
    onAuthenticationFailed: ({ reason }) => face.denials.push(reason),
    onStateless: ({ payload }) => face.stateless.push(payload),
    ...extra
  })
  if (version > 2) provider.attach()
  link.on('close', ({ event }) => noteClose(face, event))
  return {
    provider,
    status: () => ({ connected: link.status === 'connected', synced: provider.isSynced, wanted: link.shouldConnect, unsynced: provider.unsyncedChanges, scope: provider.authorizedScope ?? null }),
    connect: () => link.connect(),
    disconnect: () => link.disconnect(),
    cut: () => link.webSocket?.terminate?.(),
    destroy: () => { provider.destroy(); link.destroy() }
  }
}
