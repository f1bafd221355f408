import { useState, type FormEvent } from 'react'
import { Link } from 'wouter'

import { useChannels, usePreferences, useSavePreferences } from '../../api/preferences'
import type { Preferences } from '../../api/types'
import { isSame, type Channel } from '../../inbox/preferences'
import { Button } from '../../ui/Button'
import { SelectField } from '../../ui/Field'
import { Icon } from '../../ui/Icon'
import { FormError, LoadFailed, Notice } from '../../ui/Notice'
import { Skeleton } from '../../ui/Skeleton'
import { useTitle } from '../../ui/useTitle'
import { ChatSection } from './ChatSection'
import { Choices } from './Choices'
import { PushSection } from './PushSection'
import { QuietHoursFields } from './QuietHoursFields'

/** What one is told of, where, and when not. */
export function SettingsPage() {
  useTitle('Notification settings')
  const preferences = usePreferences()
  const channels = useChannels()
  const failed = [preferences, channels].find((each) => each.isError && !each.data)
  return (
    <div className="page page-narrow">
      <nav aria-label="Breadcrumb" className="crumbs">
        <Link href="/inbox">
          <Icon name="back" />
          Inbox
        </Link>
      </nav>
      <h1>Notification settings</h1>
      {failed && <LoadFailed error={failed.error!} onRetry={() => void failed.refetch()} />}
      {!failed && !(preferences.data && channels.data) && <Skeleton rows={6} label="Loading your settings" />}
      {preferences.data && channels.data && <SettingsForm saved={preferences.data} channels={channels.data} />}
      <PushSection />
      <ChatSection />
    </div>
  )
}

const DIGESTS: Record<string, string> = { 0: 'At once', 2: '2 minutes', 15: '15 minutes', 60: 'One hour', 1440: 'One day' }

/** A time that was set elsewhere can stay. */
const digestsWith = (minutes: number) => ({ ...DIGESTS, ...(String(minutes) in DIGESTS ? {} : { [minutes]: `${minutes} minutes` }) })

function SettingsForm({ saved, channels }: { saved: Preferences; channels: readonly Channel[] }) {
  const [wish, setWish] = useState(saved)
  const save = useSavePreferences()
  const hasMail = channels.includes('email')
  const isChanged = !isSame(wish, saved)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate(wish, { onSuccess: setWish })
  }
  return (
    <form className="settings" onSubmit={submit} aria-label="Notification settings">
      <section aria-labelledby="kinds">
        <h2 id="kinds">What, and where</h2>
        <p className="soft">
          Push comes while you are not at work in a document. {hasMail && 'E-mail comes when you have not read it by then. '}What is critical always comes.
        </p>
        <Choices preferences={wish} channels={channels} onChange={setWish} />
      </section>
      {hasMail && (
        <SelectField
          label="Gather e-mail for"
          hint="Everything of this time comes in one mail."
          options={digestsWith(wish.digest_minutes)}
          value={String(wish.digest_minutes)}
          onChange={(event) => setWish({ ...wish, digest_minutes: Number(event.target.value) })}
        />
      )}
      <QuietHoursFields hours={wish.quiet_hours} onChange={(quiet_hours) => setWish({ ...wish, quiet_hours })} />
      <FormError error={save.error} />
      {save.isSuccess && !isChanged && <Notice kind="good">Saved.</Notice>}
      <div className="actions">
        <Button type="submit" look="main" busy={save.isPending} disabled={!isChanged}>
          Save
        </Button>
        {isChanged && (
          <Button look="quiet" onClick={() => setWish(saved)}>
            Undo the changes
          </Button>
        )}
      </div>
    </form>
  )
}
