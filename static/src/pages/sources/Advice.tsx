import { useState, type FormEvent } from 'react'

import { useAdvice, useDismiss } from '../../api/advice'
import type { Recommendation } from '../../api/schema'
import { Button } from '../../ui/Button'
import { Dialog } from '../../ui/Dialog'
import { TextField } from '../../ui/Field'
import { FormError, LoadFailed } from '../../ui/Notice'
import { Skeleton } from '../../ui/Skeleton'
import { When } from '../../ui/When'

const LOOKS: Record<Recommendation['priority'], string> = { critical: 'bad', high: 'warn', medium: 'quiet', low: 'quiet' }

/** What could be better, each with what was read. */
export function Advice({ source, mayManage }: { source: number; mayManage: boolean }) {
  const advice = useAdvice(source)
  return (
    <section aria-labelledby="advice">
      <h2 id="advice">Advice</h2>
      {advice.isPending && <Skeleton rows={1} label="Loading advice" />}
      {advice.isError && <LoadFailed error={advice.error} onRetry={() => void advice.refetch()} />}
      {advice.data?.length === 0 && <p className="soft">Nothing to improve was found. Slow checks look every five minutes.</p>}
      {advice.data && advice.data.length > 0 && (
        <ul className="rows" aria-label="Advice">
          {advice.data.map((each) => (
            <Item key={each.id} item={each} mayManage={mayManage} />
          ))}
        </ul>
      )}
    </section>
  )
}

function Item({ item, mayManage }: { item: Recommendation; mayManage: boolean }) {
  const [isDismissing, setDismissing] = useState(false)
  const state = item.current_state as { query: string; rows?: unknown[]; numbers?: Record<string, number>; read_at: string; window: string }
  return (
    <li className="row">
      <div className="row-main">
        <p className="row-title">
          <span className={`mark mark-${LOOKS[item.priority]}`}>{item.priority}</span>
          {item.title}
        </p>
        <p>{item.description}</p>
        <details className="folded">
          <summary>What it rests on, and what to do</summary>
          <p className="soft">
            Read <When at={state.read_at} />; the numbers are of {state.window}.
          </p>
          <pre className="evidence" tabIndex={0} aria-label="The question">
            {state.query}
          </pre>
          <pre className="evidence" tabIndex={0} aria-label="The answer">
            {JSON.stringify(state.rows ?? state.numbers, null, 1)}
          </pre>
          <ol className="steps">
            {item.implementation_steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
          <p className="soft">
            Then: {item.recommended_state} {item.expected_impact} Effort: {item.implementation_effort}.
          </p>
        </details>
      </div>
      {mayManage && (
        <Button look="quiet" aria-label={`Dismiss: ${item.title}`} onClick={() => setDismissing(true)}>
          Dismiss
        </Button>
      )}
      {isDismissing && <DismissDialog item={item} onClose={() => setDismissing(false)} />}
    </li>
  )
}

function DismissDialog({ item, onClose }: { item: Recommendation; onClose: () => void }) {
  const dismiss = useDismiss(item.id)
  const [reason, setReason] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    dismiss.mutate(reason, { onSuccess: onClose })
  }
  return (
    <Dialog title="Dismiss this advice" onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <p>{item.title}</p>
        <TextField label="Why" required autoFocus maxLength={1000} value={reason} onChange={(event) => setReason(event.target.value)} />
        <FormError error={dismiss.error} />
        <div className="actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="main" busy={dismiss.isPending}>
            Dismiss
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
