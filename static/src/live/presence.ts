/** Who is in a channel now: people, not connections. */

import type { ClientInfo, Subscription } from 'centrifuge'

export interface Present {
  id: string
  name: string
}

/** Kept by the joins and leaves that come after the list that was asked for. */
export class Roll {
  readonly #listeners = new Set<() => void>()
  #here: readonly Present[] | null = null
  /** What came since the list was asked for: the answer may be from before it. */
  #meanwhile: { person: Present; isHere: boolean }[] = []

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** By name; null while it is not known. */
  readonly snapshot = (): readonly Present[] | null => this.#here

  asked(): void {
    this.#meanwhile = []
  }

  answered(people: readonly Present[]): void {
    const here = new Map(people.map((person) => [person.id, person]))
    for (const { person, isHere } of this.#meanwhile) {
      if (isHere) here.set(person.id, person)
      else here.delete(person.id)
    }
    this.#tell([...here.values()])
  }

  met(person: Present, isHere: boolean): void {
    this.#meanwhile.push({ person, isHere })
    if (this.#here === null) return
    const others = this.#here.filter((each) => each.id !== person.id)
    this.#tell(isHere ? [...others, person] : others)
  }

  forget(): void {
    this.#tell(null)
  }

  #tell(here: Present[] | null): void {
    this.#here = here && here.sort((a, b) => a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1))
    for (const listener of this.#listeners) listener()
  }
}

/** Workspaces are where people meet; other channels have no presence. */
export const hasPresence = (channel: string): boolean => channel.startsWith('workspace:')

/** It is called anew after each break, for nobody says who came and went meanwhile. */
export function keepRoll(roll: Roll, subscription: Subscription): void {
  subscription.on('join', ({ info }) => roll.met(personOf(info), true))
  subscription.on('leave', ({ info }) => roll.met(personOf(info), false))
  subscription.on('subscribed', () => {
    roll.asked()
    subscription.presence().then(
      ({ clients }) => roll.answered(Object.values(clients).map(personOf)),
      () => undefined, // cut off again: it is asked when it is back
    )
  })
}

const personOf = ({ user, connInfo }: ClientInfo): Present => ({ id: user, name: (connInfo as { name?: string } | undefined)?.name ?? '' })
