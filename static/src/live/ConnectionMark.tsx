/** Whether what is shown is live: nothing while it is, and a calm line while it is not. */

import { useEffect, useState } from 'react'

import { useOnline } from '../app/useOnline'
import { Button } from '../ui/Button'
import { Icon } from '../ui/Icon'
import { timeOfDay } from '../ui/When'
import { useFeed, useFeedState } from './context'

/** Short breaks are nobody's business: what was missed comes by itself. */
const CALM_MS = 2_500
const TOLD_MS = 5_000

const WORDS = { offline: 'Offline', connecting: 'Reconnecting', stopped: 'Not live', connected: '', idle: '' }

export function ConnectionMark() {
  const feed = useFeed()
  const { link, since, reloadedAt } = useFeedState()
  const isOnline = useOnline()
  const isBroken = link === 'connecting' || link === 'stopped'
  const isLate = useLater(isBroken ? since : null, CALM_MS)
  const isTold = !useLater(reloadedAt, TOLD_MS)
  const isShown = isBroken && isLate
  return (
    <div className="connection" role="status" data-testid="connection" data-link={isOnline ? link : 'offline'}>
      {isShown && (
        <p>
          <Icon name="sync" />
          {WORDS[isOnline ? link : 'offline']}. As of {timeOfDay(since)}.
          {isOnline && (
            <Button look="quiet" onClick={() => feed.retry()}>
              Try now
            </Button>
          )}
        </p>
      )}
      {!isShown && reloadedAt !== null && isTold && <p>Much has happened meanwhile: all was loaded anew.</p>}
    </div>
  )
}

/** Is it so long after `moment`? Nothing is late without a moment. */
function useLater(moment: number | null, delay: number): boolean {
  const [passed, setPassed] = useState<number | null>(null)
  useEffect(() => {
    if (moment === null) return
    const timer = setTimeout(() => setPassed(moment), Math.max(0, moment + delay - Date.now()))
    return () => clearTimeout(timer)
  }, [moment, delay])
  return moment !== null && passed === moment
}
