/** The provider and its socket, set up for this app: quick to try again, and watched for silent losses. */

import { HocuspocusProvider, HocuspocusProviderWebsocket, WebSocketStatus } from '@hocuspocus/provider'
import type { Doc } from 'yjs'

import type { Scope } from '../save/machine'

export interface LinkEvents {
  connecting: () => void
  lost: (code: number) => void
  authenticated: (scope: Scope) => void
  synced: () => void
  denied: (reason: string) => void
  told: (payload: string) => void
}

class WatchedSocket extends HocuspocusProviderWebsocket {
  /** Behave as when the socket has closed: all attached providers hear of it, and it connects again. */
  lose(): void {
    this.emit('close', { event: { code: 4408, reason: 'silent' } })
  }
}

export class Link {
  readonly provider: HocuspocusProvider
  private readonly socket: WatchedSocket

  constructor(name: string, document: Doc, events: LinkEvents) {
    this.socket = new WatchedSocket({
      url: socketUrl(''),
      autoConnect: false,
      delay: 400,
      factor: 1.5,
      minDelay: 300,
      maxDelay: 4_000,
    })
    this.provider = new HocuspocusProvider({
      name,
      document,
      websocketProvider: this.socket,
      // The session's cookie comes with the upgrade request; an empty token says so.
      token: '',
      onStatus: ({ status }) => status === WebSocketStatus.Connecting && events.connecting(),
      onClose: ({ event }) => this.onClose(event.code, events),
      onAuthenticated: ({ scope }) => events.authenticated(scope),
      onAuthenticationFailed: ({ reason }) => events.denied(reason),
      onSynced: () => events.synced(),
      onStateless: ({ payload }) => events.told(payload),
    })
    this.provider.attach()
  }

  /** The copy of this page is of this incarnation: said with each connection from now on. */
  knows(incarnation: string): void {
    this.socket.configuration.url = socketUrl(incarnation)
  }

  connect(): void {
    if (this.socket.status !== WebSocketStatus.Disconnected) return
    void this.socket.connect()
  }

  /** Close the socket and stay away until `connect`. */
  disconnect(): void {
    this.socket.disconnect()
  }

  /** The socket says that it is open and is not: take it as lost, which makes the provider connect again. */
  drop(): void {
    this.socket.lose()
  }

  /** The server may also close the document alone, on a socket that stays: then all begins anew. */
  private onClose(code: number, events: LinkEvents): void {
    if (this.socket.status === WebSocketStatus.Connected) this.drop()
    else events.lost(code)
  }

  tell(payload: unknown): void {
    this.provider.sendStateless(JSON.stringify(payload))
  }

  destroy(): void {
    this.provider.destroy()
    this.socket.destroy()
  }
}

/** Empty: no incarnation is known yet, and the server is asked for it. */
function socketUrl(incarnation: string): string {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
  return `${scheme}://${location.host}/hocuspocus?incarnation=${encodeURIComponent(incarnation)}`
}
