/** The page's one connection to the server's events, through the stock client: each channel is subscribed to once. */

import { Centrifuge, State, type Subscription } from 'centrifuge'

import { hasPresence, keepRoll, Roll } from './presence'
import { Track, type LiveEvent, type Place, type Seat } from './track'

const PATH = '/connection/websocket'
/** Codes of this kind end it for good: the session is over, or we are at fault. */
const FINAL_FROM = 3500
const FINAL_BELOW = 4000

export interface FeedState {
  /** `idle`: nobody asks for anything; `stopped`: the client does not come back by itself. */
  link: 'idle' | 'connecting' | 'connected' | 'stopped'
  /** When it became live, or was so for the last time; milliseconds of the epoch. */
  since: number
  /** When lists had to be loaded anew, because too much had been missed. */
  reloadedAt: number | null
}

/** Hears what is told on a channel, and when the channel is open again: what was told meanwhile is not known. */
export interface Ear {
  onTold: (event: LiveEvent) => void
  onOpen: () => void
}

interface Line {
  track: Track
  subscription: Subscription
}

export class Feed {
  /** The session may have ended: whoever knows is asked. */
  onStopped: () => void = () => undefined
  readonly #client: Centrifuge
  readonly #lines = new Map<string, Line>()
  readonly #ears = new Map<string, { subscription: Subscription; ears: Set<Ear> }>()
  readonly #rolls = new Map<string, Roll>()
  readonly #listeners = new Set<() => void>()
  #state: FeedState = { link: 'idle', since: Date.now(), reloadedAt: null }
  #person: string | null = null

  constructor(origin: string) {
    this.#client = new Centrifuge(origin.replace(/^http/, 'ws') + PATH, { name: 'counterpoint-web', maxReconnectDelay: 10_000 })
    this.#client.on('state', ({ newState }) => this.#tell(LINKS[newState]))
    this.#client.on('disconnected', ({ code }) => {
      if (code < FINAL_FROM || code >= FINAL_BELOW) return
      this.#tell('stopped')
      this.onStopped()
    })
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly snapshot = (): FeedState => this.#state

  /** Whose cookie it is. Another person's events need another connection. */
  as(person: string): void {
    const isOther = this.#person !== null && this.#person !== person
    this.#person = person
    if (isOther) this.retry()
    else this.wake()
  }

  /** Follow a channel from `seat.since`; answers how to leave it. */
  sit(channel: string, seat: Seat): () => void {
    const line = this.#lineOf(channel, seat)
    line.track.seats.add(seat)
    line.track.catchUp(seat)
    return () => this.#leave(channel, seat)
  }

  /** The list of the seat stands elsewhere now, for it was loaded or moved on. */
  moved(channel: string, seat: Seat): void {
    const line = this.#lines.get(channel)
    if (!line) return
    if (line.track.epoch === seat.since.epoch) return line.track.catchUp(seat)
    // The stream begins anew: so does the line, from what is the newest that is known.
    this.#drop(channel, line)
    const fresh = this.#open(channel, seat.since)
    for (const each of line.track.seats) fresh.track.seats.add(each)
  }

  /** Hear what is told on a channel from now on; answers how to leave it. For channels that no list stands in. */
  listen(channel: string, ear: Ear): () => void {
    const heard = this.#ears.get(channel) ?? this.#heard(channel)
    heard.ears.add(ear)
    this.wake()
    return () => {
      heard.ears.delete(ear)
      if (heard.ears.size > 0 || this.#ears.get(channel) !== heard) return
      this.#ears.delete(channel)
      heard.subscription.unsubscribe()
      this.#client.removeSubscription(heard.subscription)
    }
  }

  #heard(channel: string): { subscription: Subscription; ears: Set<Ear> } {
    const heard = { subscription: this.#client.newSubscription(channel), ears: new Set<Ear>() }
    heard.subscription.on('subscribed', () => heard.ears.forEach((ear) => ear.onOpen()))
    heard.subscription.on('publication', ({ data }) => heard.ears.forEach((ear) => ear.onTold(data as LiveEvent)))
    heard.subscription.subscribe()
    this.#ears.set(channel, heard)
    return heard
  }

  /** Who is in a channel: known while somebody follows it. */
  rollOf(channel: string): Roll {
    const roll = this.#rolls.get(channel) ?? new Roll()
    this.#rolls.set(channel, roll)
    return roll
  }

  /** Begin at once, instead of when the client would try by itself. */
  retry(): void {
    this.#client.disconnect()
    this.wake()
  }

  /** Connect where somebody asks for something and the client has given up. */
  wake(): void {
    if (this.#lines.size + this.#ears.size > 0 && this.#client.state === State.Disconnected) this.#client.connect()
  }

  #lineOf(channel: string, seat: Seat): Line {
    const line = this.#lines.get(channel)
    if (line && line.subscription.state !== 'unsubscribed') return line
    if (line) this.#drop(channel, line)
    const fresh = this.#open(channel, seat.since)
    for (const each of line?.track.seats ?? []) fresh.track.seats.add(each)
    this.wake()
    return fresh
  }

  #open(channel: string, since: Place): Line {
    const track = new Track(since)
    const subscription = this.#client.newSubscription(channel, { since, joinLeave: hasPresence(channel) })
    subscription.on('subscribed', ({ wasRecovering, recovered, streamPosition }) => {
      if (!wasRecovering || recovered || !streamPosition) return
      this.#tell(this.#state.link, Date.now())
      track.lost(streamPosition)
    })
    subscription.on('publication', ({ data, offset }) => {
      if (offset !== undefined) track.heard({ ...(data as LiveEvent), offset })
    })
    subscription.on('unsubscribed', () => {
      // Ended by the server: the lists say why when they are asked for again.
      if (this.#lines.get(channel)?.subscription === subscription) track.reload()
    })
    if (hasPresence(channel)) keepRoll(this.rollOf(channel), subscription)
    const line = { track, subscription }
    this.#lines.set(channel, line)
    subscription.subscribe()
    return line
  }

  #leave(channel: string, seat: Seat): void {
    const line = this.#lines.get(channel)
    if (!line) return
    line.track.seats.delete(seat)
    if (line.track.seats.size === 0) this.#drop(channel, line)
  }

  #drop(channel: string, { subscription }: Line): void {
    this.#lines.delete(channel)
    this.#rolls.get(channel)?.forget()
    this.#client.removeSubscription(subscription)
  }

  #tell(link: FeedState['link'], reloadedAt = this.#state.reloadedAt): void {
    const turns = (link === 'connected') !== (this.#state.link === 'connected')
    const since = turns ? Date.now() : this.#state.since
    this.#state = { link, since, reloadedAt }
    for (const listener of this.#listeners) listener()
  }
}

const LINKS: Record<State, FeedState['link']> = {
  [State.Disconnected]: 'idle',
  [State.Connecting]: 'connecting',
  [State.Connected]: 'connected',
}
