import { Avatar } from './Avatar'

const SHOWN = 4

interface Person {
  key: string
  name: string
  isMe: boolean
}

interface Props {
  people: readonly Person[]
  /** What they have in common. */
  label?: string
  testId?: string
}

/** Who is here now, readers too. */
export function Roster({ people, label = 'Who is here', testId = 'roster' }: Props) {
  const shown = people.slice(0, SHOWN)
  const more = people.slice(SHOWN)
  return (
    <ul className="roster" aria-label={label} data-testid={testId}>
      {shown.map((person) => (
        <li key={person.key} title={labelOf(person)}>
          <Avatar id={person.key} name={person.name} />
          <span className="visually-hidden">{labelOf(person)}</span>
        </li>
      ))}
      {more.length > 0 && (
        <li title={more.map(labelOf).join(', ')}>
          <span className="avatar avatar-more" aria-hidden="true">
            +{more.length}
          </span>
          <span className="visually-hidden">and {more.map(labelOf).join(', ')}</span>
        </li>
      )}
    </ul>
  )
}

const labelOf = (person: Person) => (person.isMe ? `${person.name} (you)` : person.name)
