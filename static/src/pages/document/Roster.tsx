import type { Person } from '../../session/people'
import { Avatar } from '../../ui/Avatar'

const SHOWN = 4

/** Who is here now, readers too. */
export function Roster({ people }: { people: Person[] }) {
  const shown = people.slice(0, SHOWN)
  const more = people.slice(SHOWN)
  return (
    <ul className="roster" aria-label="Who is here" data-testid="roster">
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
