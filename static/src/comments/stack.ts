/** Cards beside the text: each as near to its words as the others leave it room. */

export interface Placed {
  /** Where its words are, in pixels from the top of the column. */
  at: number
  height: number
}

/** The tops of cards that are given in the order of the text. The active one stands beside its words. */
export function stacked(cards: readonly Placed[], active = -1, gap = 12): number[] {
  const tops: number[] = []
  let free = 0
  for (const [index, card] of cards.entries()) {
    tops[index] = index === active ? card.at : Math.max(card.at, free)
    free = tops[index]! + card.height + gap
  }
  for (let index = active - 1; index >= 0; index--) {
    tops[index] = Math.min(tops[index]!, tops[index + 1]! - gap - cards[index]!.height)
  }
  return tops
}
