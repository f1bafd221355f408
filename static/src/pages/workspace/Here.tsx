import { Avatar } from '../../ui/Avatar'
import type { Somebody } from './here'

const SHOWN = 12

/** The others who are here now. Its place is kept while that is not known. */
export function Here({ people }: { people: readonly Somebody[] | null }) {
  const more = people?.slice(SHOWN) ?? []
  return (
    <section className="here" aria-label="Here now" data-testid="here">
      {people?.length === 0 && <p className="soft">Nobody else is here now.</p>}
      {people && people.length > 0 && (
        <>
          <p className="soft" aria-hidden="true">
            Here now
          </p>
          <ul>
            {people.slice(0, SHOWN).map((person) => (
              <li key={person.key} className="chip">
                <Avatar id={person.key} name={person.name} />
                <span className="ellipsis">{person.name}</span>
              </li>
            ))}
            {more.length > 0 && (
              <li className="chip" title={more.map((each) => each.name).join(', ')}>
                {more.length} more
              </li>
            )}
          </ul>
        </>
      )}
    </section>
  )
}
