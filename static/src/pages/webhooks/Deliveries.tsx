import { messageOf } from '../../api/errors'
import type { Attempt, Delivery } from '../../api/types'
import { useDeliveries, useReplay } from '../../api/webhooks'
import { Button } from '../../ui/Button'
import { LoadFailed } from '../../ui/Notice'
import { Skeleton } from '../../ui/Skeleton'
import { useToast } from '../../ui/Toasts'
import { When } from '../../ui/When'

const STATES: Record<Delivery['state'], string> = { pending: 'On its way', delivered: 'Delivered', failed: 'Failed', withheld: 'Withheld' }

/** What became of each event, newest first. */
export function Deliveries({ webhook }: { webhook: string }) {
  const deliveries = useDeliveries(webhook)
  return (
    <section aria-labelledby="deliveries">
      <div className="section-head">
        <h2 id="deliveries">Deliveries</h2>
        <Button look="quiet" busy={deliveries.isRefetching} onClick={() => void deliveries.refetch()}>
          Refresh
        </Button>
      </div>
      {deliveries.isPending && <Skeleton rows={4} label="Loading deliveries" />}
      {deliveries.isError && <LoadFailed error={deliveries.error} onRetry={() => void deliveries.refetch()} />}
      {deliveries.isSuccess && deliveries.rows.length === 0 && (
        <div className="empty">
          <p>Nothing was to be delivered yet.</p>
        </div>
      )}
      {deliveries.rows.length > 0 && (
        <ul className="rows" aria-label="Deliveries">
          {deliveries.rows.map((delivery) => (
            <DeliveryRow key={delivery.id} webhook={webhook} delivery={delivery} />
          ))}
        </ul>
      )}
      {deliveries.hasNextPage && (
        <Button busy={deliveries.isFetchingNextPage} onClick={() => void deliveries.fetchNextPage()}>
          Load older
        </Button>
      )}
    </section>
  )
}

function DeliveryRow({ webhook, delivery }: { webhook: string; delivery: Delivery }) {
  const replay = useReplay(webhook)
  const say = useToast()
  const again = () =>
    replay.mutate(delivery.id, { onSuccess: () => say('It is sent again.'), onError: (error) => say(messageOf(error), { kind: 'error' }) })
  return (
    <li className="row">
      <div className="row-main">
        <p className="row-title">
          <span className={`delivery-state delivery-${delivery.state}`}>{STATES[delivery.state]}</span>
          <span className="mono delivery-type">{delivery.event_type}</span>
          {delivery.replay > 0 && <span className="tag">Sent again</span>}
        </p>
        <p className="soft meta">
          <span>
            <When at={delivery.created_at} />
          </span>
          {delivery.state === 'withheld' && <span>whom the webhook rests on may not see it any more</span>}
          {delivery.next_try_at && (
            <span>
              next try <When at={delivery.next_try_at} />
            </span>
          )}
        </p>
        {delivery.attempts.length > 0 && <Attempts attempts={delivery.attempts} />}
      </div>
      {delivery.state !== 'pending' && (
        <Button look="quiet" busy={replay.isPending} aria-label={`Send again: ${delivery.event_type}`} onClick={again}>
          Send again
        </Button>
      )}
    </li>
  )
}

function Attempts({ attempts }: { attempts: readonly Attempt[] }) {
  const last = attempts[attempts.length - 1]!
  return (
    <details className="folded">
      <summary>
        {attempts.length === 1 ? 'One try' : `${attempts.length} tries`}: {answerWords(last)}
      </summary>
      <ul className="plain-list">
        {attempts.map((each) => (
          <li key={each.number}>
            {answerWords(each)}{' '}
            <span className="soft">
              <When at={each.at} />, {each.seconds.toFixed(2)} s
            </span>
          </li>
        ))}
      </ul>
    </details>
  )
}

/** What was wrong; else the status that came. */
const answerWords = ({ status, why }: Attempt): string => why ?? (status === null ? 'no answer' : `answered ${status}`)
