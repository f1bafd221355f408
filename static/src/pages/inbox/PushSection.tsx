import { useEffect, useState } from 'react'

import { messageOf } from '../../api/errors'
import { useAddDevice, usePush, useRemoveDevice, useTestPush } from '../../api/push'
import type { Push, PushDevice } from '../../api/types'
import { ability, deviceName, hashOf, subscribe, subscriptionHere, unsubscribe } from '../../push/browser'
import { Button } from '../../ui/Button'
import { LoadFailed, Notice } from '../../ui/Notice'
import { Skeleton } from '../../ui/Skeleton'
import { useToast } from '../../ui/Toasts'
import { When } from '../../ui/When'

/** The browsers that get a message when the reader is not here. */
export function PushSection() {
  const push = usePush()
  return (
    <section aria-labelledby="push">
      <h2 id="push">Push to your devices</h2>
      {push.isPending && <Skeleton rows={2} label="Loading your devices" />}
      {push.isError && !push.data && <LoadFailed error={push.error} onRetry={() => void push.refetch()} />}
      {push.data && <Devices push={push.data} />}
    </section>
  )
}

const WHY_NOT = {
  denied: 'This browser was told not to show notifications of this site. You can change that in its settings for the site.',
  insecure: 'Push needs a page that came by HTTPS.',
  unsupported: 'This browser does not have push. On an iPhone or iPad, add the app to the Home Screen first.',
}

function Devices({ push }: { push: Push }) {
  const mine = useMine(push)
  const can = ability()
  const isOn = push.subscriptions.some((each) => each.id === mine)
  return (
    <>
      {push.subscriptions.length > 0 && (
        <ul className="rows" aria-label="Your devices">
          {push.subscriptions.map((device) => (
            <DeviceRow key={device.id} device={device} isMine={device.id === mine} />
          ))}
        </ul>
      )}
      {!isOn && can !== 'able' && <p className="soft">{WHY_NOT[can]}</p>}
      <div className="actions">
        {!isOn && can === 'able' && <TurnOn publicKey={push.public_key} />}
        {push.subscriptions.length > 0 && <Test />}
      </div>
    </>
  )
}

/** Which of the devices this browser is. */
function useMine({ subscriptions }: Push): string | undefined {
  const [hash, setHash] = useState<string | null>(null)
  useEffect(() => {
    subscriptionHere()
      .then((subscription) => (subscription ? hashOf(subscription.endpoint) : null))
      .then(setHash, () => setHash(null)) // a browser that does not say is not in the list
  }, [subscriptions])
  return subscriptions.find((each) => each.endpoint_hash === hash)?.id
}

function TurnOn({ publicKey }: { publicKey: string }) {
  const add = useAddDevice()
  const [isAsking, setAsking] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const turnOn = async () => {
    setAsking(true)
    setProblem(null)
    try {
      const subscription = await subscribe(publicKey)
      if (!subscription) return setProblem(WHY_NOT.denied)
      await add.mutateAsync({ subscription, device: deviceName(navigator.userAgent) })
    } catch (error) {
      setProblem(`This browser could not be signed up for push: ${messageOf(error)}`)
    } finally {
      setAsking(false)
    }
  }
  return (
    <>
      <Button busy={isAsking} onClick={() => void turnOn()}>
        Turn on in this browser
      </Button>
      {problem && <Notice kind="error">{problem}</Notice>}
    </>
  )
}

function Test() {
  const test = useTestPush()
  const say = useToast()
  const send = () =>
    test.mutate(undefined, {
      onSuccess: () => say('A test message is on its way to your devices.'),
      onError: (error) => say(messageOf(error), { kind: 'error' }),
    })
  return (
    <Button look="quiet" busy={test.isPending} onClick={send}>
      Send a test message
    </Button>
  )
}

function DeviceRow({ device, isMine }: { device: PushDevice; isMine: boolean }) {
  const remove = useRemoveDevice()
  const say = useToast()
  const leave = async () => {
    if (isMine) await unsubscribe().catch(() => undefined) // the server's word is what counts
    remove.mutate(device.id, { onError: (error) => say(messageOf(error), { kind: 'error' }) })
  }
  return (
    <li className="row">
      <div className="row-main">
        <p className="row-title">
          {device.device}
          {isMine && <span className="soft"> (this browser)</span>}
        </p>
        <p className="soft meta">
          <span>
            Since <When at={device.created_at} />
          </span>
          <span>{device.last_sent_at ? <>Last message <When at={device.last_sent_at} /></> : 'No message yet'}</span>
        </p>
        {device.last_error && <p className="field-error">{device.last_error}</p>}
      </div>
      <Button look="quiet" busy={remove.isPending} aria-label={`Remove ${device.device}`} onClick={() => void leave()}>
        Remove
      </Button>
    </li>
  )
}
