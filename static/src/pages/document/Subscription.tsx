import { messageOf } from '../../api/errors'
import { useSubscribe, useSubscription } from '../../api/preferences'
import type { SubscriptionLevel } from '../../api/types'
import { Icon } from '../../ui/Icon'
import { useToast } from '../../ui/Toasts'

const LEVELS: Record<SubscriptionLevel, string> = {
  all: 'All comments',
  mentions: 'Only mentions and replies',
  none: 'Nothing',
}

/** Of what in this document one is told. */
export function SubscriptionMenu({ document, isLive }: { document: string; isLive: boolean }) {
  const level = useSubscription(document, isLive).data?.level
  const subscribe = useSubscribe(document)
  const say = useToast()
  const choose = (wish: SubscriptionLevel) =>
    subscribe.mutate(wish, { onError: (error) => say(messageOf(error), { kind: 'error' }) })
  const words = level ? `Notify me of: ${LEVELS[level]}` : 'Notify me of'
  return (
    <>
      <button type="button" className="icon-button" popoverTarget="subscription" aria-label={words} title={words} disabled={!level}>
        <Icon name={level === 'none' ? 'mute' : 'watch'} />
      </button>
      <div id="subscription" popover="auto" className="menu" role="group" aria-label="Notify me of">
        <p className="menu-head">Notify me of</p>
        {(Object.keys(LEVELS) as SubscriptionLevel[]).map((each) => (
          <button key={each} type="button" popoverTarget="subscription" popoverTargetAction="hide" aria-pressed={each === level} onClick={() => choose(each)}>
            {LEVELS[each]}
          </button>
        ))}
      </div>
    </>
  )
}
