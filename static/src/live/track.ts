/** The events of one channel that are known on this page, and who follows them from which position. */

import type { ActivityItem } from '../api/types'

/** Where a stream was; list replies carry it as `stream`. */
export interface Place {
  epoch: string
  offset: number
}

/** The envelope of docs/reference/events.md, as far as pages read it, with its offset as a number. */
export interface LiveEvent<T = Record<string, unknown>> {
  id: string
  type: string
  time: string
  subject: string
  /** `user/ID`, or what has done it where that is nobody. */
  actor: string
  actorkind: ActivityItem['actor']['kind']
  actorname: string
  offset: number
  data: T & { cut?: string[] }
}

export interface Seat {
  /** Where the list of this seat stands. */
  since: Place
  /** An event behind `since`. It may come again: what is not behind the list's own position is to be skipped. */
  onEvent: (event: LiveEvent) => void
  /** Events are missing between `since` and those that come: the list must be loaded anew. */
  onReload: () => void
}

const MOST = 1000

export class Track {
  readonly seats = new Set<Seat>()
  #start: Place
  #events: LiveEvent[] = []

  constructor(start: Place) {
    this.#start = start
  }

  get epoch(): string {
    return this.#start.epoch
  }

  /** Where one who has heard everything stands. */
  get place(): Place {
    return { epoch: this.#start.epoch, offset: this.#events.at(-1)?.offset ?? this.#start.offset }
  }

  heard(event: LiveEvent): void {
    if (event.offset <= this.place.offset) return
    this.#events.push(event)
    if (this.#events.length > MOST) this.#start = { ...this.#start, offset: this.#events.shift()!.offset }
    for (const seat of [...this.seats]) if (event.offset > seat.since.offset) seat.onEvent(event)
  }

  /** Again from `start`: what came between the last event and it is not known. */
  lost(start: Place): void {
    this.#start = start
    this.#events = []
    this.reload()
  }

  reload(): void {
    for (const seat of [...this.seats]) seat.onReload()
  }

  /** The seat's list was loaded: it hears what came since. */
  catchUp(seat: Seat): void {
    if (seat.since.epoch !== this.#start.epoch || seat.since.offset < this.#start.offset) return seat.onReload()
    const missed = this.#events.filter((event) => event.offset > seat.since.offset)
    for (const event of missed) seat.onEvent(event)
  }
}
