/** Carets and selections of the others. Our own elements: the stock ones set style attributes, which the policy forbids. */

import { Extension } from '@tiptap/core'
import { yCursorPlugin } from '@tiptap/y-tiptap'
import type { Awareness } from 'y-protocols/awareness'

import { keyOf, nameOf } from '../session/people'
import { colourClass } from './colours'

interface User {
  id?: unknown
  name?: unknown
}

const classFor = (user: User, client: number) => colourClass(keyOf({ user }, client))

function caret(user: User, client: number): HTMLElement {
  const element = document.createElement('span')
  element.className = `caret ${classFor(user, client)}`
  const label = document.createElement('span')
  label.className = 'caret-label'
  label.textContent = nameOf({ user })
  element.append('\u2060', label, '\u2060')
  return element
}

const selection = (user: User, client: number) => ({ class: `caret-selection ${classFor(user, client)}` })

export function carets(awareness: Awareness): Extension {
  return Extension.create({
    name: 'carets',
    priority: 999,
    addProseMirrorPlugins: () => [yCursorPlugin(awareness, { cursorBuilder: caret, selectionBuilder: selection })],
  })
}
