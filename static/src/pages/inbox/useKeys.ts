/** The keys of the inbox: j and k go from one to the next, e has read it, u has not, a has taken it on, Delete takes it away. */

import { useEffect } from 'react'

import { escalationOf, type InboxItem } from '../../inbox/model'

export interface Presses {
  read: (item: InboxItem, isRead: boolean) => void
  acknowledge: (item: InboxItem) => void
  remove: (item: InboxItem) => void
}

const LINKS = '[data-inbox-item]'

export function useKeys(items: readonly InboxItem[], { read, acknowledge, remove }: Presses): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isElsewhere(event.target)) return
      const current = currentLink()
      const item = items.find((each) => each.id === current?.dataset.inboxItem)
      if (event.key === 'j' || event.key === 'k') go(current, event.key === 'j' ? 1 : -1)
      else if (!item) return
      else if (event.key === 'e' || event.key === 'u') read(item, event.key === 'e')
      else if (event.key === 'a' && escalationOf(item)) acknowledge(item)
      else if (event.key === 'Delete') remove(item)
      else return
      event.preventDefault()
      if (event.key === 'e' || event.key === 'Delete') go(current, 1)
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  })
}

/** The keyboard stands in a row, whichever part of it. */
function currentLink(): HTMLElement | null {
  return document.activeElement?.closest('.inbox-row')?.querySelector<HTMLElement>(LINKS) ?? null
}

function go(from: HTMLElement | null, step: number): void {
  const links = [...document.querySelectorAll<HTMLElement>(LINKS)]
  const next = from ? links[links.indexOf(from) + step] : links[0]
  next?.focus()
  next?.closest('.inbox-row')?.scrollIntoView({ block: 'nearest' })
}

const isElsewhere = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select, dialog *'))
