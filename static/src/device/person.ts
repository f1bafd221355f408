/** Who used this browser last: offline, that is how their local copies are found. It gives no access to anything. */

import type { Me } from '../api/types'
import { forget, recall, remember } from './storage'

const KEY = 'person'

export function rememberPerson(me: Me): void {
  remember(KEY, me)
}

export function rememberedPerson(): Me | null {
  return recall<Me>(KEY)
}

export function forgetPerson(): void {
  forget(KEY)
}
