import { useEndSilence, useSilences } from '../../api/alerts'
import { usePermissions } from '../../api/auth'
import { messageOf } from '../../api/errors'
import type { Silence } from '../../api/schema'
import { Button } from '../../ui/Button'
import { useToast } from '../../ui/Toasts'
import { When } from '../../ui/When'

/** What is kept quiet, and until when. */
export function Silences() {
  const silences = useSilences()
  const permissions = usePermissions()
  const mayManage = permissions.data?.permissions.includes('alerts.manage') ?? false
  if (!silences.data || silences.data.length === 0) return null
  return (
    <section aria-labelledby="silences">
      <h2 id="silences">Silences</h2>
      <ul className="rows" aria-label="Silences">
        {silences.data.map((silence) => (
          <SilenceRow key={silence.id} silence={silence} mayManage={mayManage} />
        ))}
      </ul>
    </section>
  )
}

function SilenceRow({ silence, mayManage }: { silence: Silence; mayManage: boolean }) {
  const end = useEndSilence(silence.id)
  const say = useToast()
  const matchers = silence.matchers.map((each) => `${each['name']} ${each['is_equal'] === false ? 'is not' : 'is'} ${each['value']}`)
  return (
    <li className="row">
      <div className="row-main">
        <p className="row-title">{silence.comment}</p>
        <p className="soft meta">
          <span>{silence.alert_id === null ? matchers.join(' and ') : `alert ${silence.alert_id}`}</span>
          <span>
            until <When at={silence.ends_at} />
          </span>
        </p>
      </div>
      {mayManage && (
        <Button look="quiet" busy={end.isPending} aria-label={`End the silence: ${silence.comment}`} onClick={() => end.mutate(undefined, { onError: (error) => say(messageOf(error), { kind: 'error' }) })}>
          End it
        </Button>
      )}
    </li>
  )
}
