import { colourClass } from '../editor/colours'

const segmenter = new Intl.Segmenter()

/** The first letters of a person's first and last name. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/)
  const chosen = words.length > 1 ? [words[0], words[words.length - 1]] : [words[0]]
  return chosen.map((word) => [...segmenter.segment(word ?? '')][0]?.segment ?? '').join('').toLocaleUpperCase()
}

/** Decorative: the name stands beside it, or labels what it is in. */
export function Avatar({ id, name }: { id: string; name: string }) {
  return (
    <span className={`avatar ${colourClass(id)}`} aria-hidden="true">
      {initialsOf(name)}
    </span>
  )
}
