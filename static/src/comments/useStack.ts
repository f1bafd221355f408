/** Keeps the cards beside their words, wherever there is room for a margin. */

import { useLayoutEffect, type RefObject } from 'react'

import { stacked } from './stack'
import { DRAFT, type Comments } from './useComments'

export function useStack(column: RefObject<HTMLDivElement | null>, { layer, draft, active }: Comments): void {
  const current = draft ? DRAFT : active
  useLayoutEffect(() => {
    const element = column.current
    if (!element) return
    const place = () => arrange(element, (id) => layer.topOf(id), current)
    place()
    // The text grows, pictures load, replies come: each moves what is below.
    const sizes = new ResizeObserver(place)
    for (const each of [document.body, ...element.children]) sizes.observe(each)
    return () => sizes.disconnect()
  })
}

function arrange(column: HTMLElement, topOf: (id: string) => number | null, active: string | null): void {
  const slots = [...column.children].filter((child): child is HTMLElement => child instanceof HTMLElement)
  const isMargin = getComputedStyle(column).position === 'relative'
  const begin = column.getBoundingClientRect().top
  const cards = slots.map((slot) => ({ at: Math.max(0, (topOf(slot.dataset.slot ?? '') ?? begin) - begin), height: slot.offsetHeight }))
  const tops = stacked(cards, slots.findIndex((slot) => slot.dataset.slot === active))
  // The policy forbids style attributes; setting a property of the element is no attribute.
  for (const [index, slot] of slots.entries()) slot.style.top = isMargin ? `${Math.round(tops[index]!)}px` : ''
  const last = slots.length - 1
  column.style.minHeight = isMargin && last >= 0 ? `${tops[last]! + cards[last]!.height}px` : ''
}
