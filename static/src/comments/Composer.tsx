/** Writing a comment: a field with a list of members and groups after an @. Ctrl+Enter sends it, Escape leaves it for later. */

import { useEffect, useId, useState, type FormEvent, type KeyboardEvent } from 'react'
import { flushSync } from 'react-dom'

import { Button } from '../ui/Button'
import { FormError } from '../ui/Notice'
import { asked, decoded, encoded, matching, mentionOf, type Candidate, type Written } from './mentions'

interface Props {
  label: string
  action: string
  candidates: readonly Candidate[]
  /** What is edited; without it something new is written. */
  before?: string
  busy: boolean
  error: unknown
  autoFocus?: boolean
  /** What was written and not sent, by `id`: a field that goes away or moves loses none of it. */
  drafts?: Map<string, Written>
  id?: string
  onSend: (content: string) => void
  onCancel: () => void
}

export function Composer({ label, action, candidates, before = '', busy, error, autoFocus = false, drafts, id = '', onSend, onCancel }: Props) {
  const [start] = useState(() => drafts?.get(id) ?? decoded(before))
  const [text, setText] = useState(start.text)
  const [mentions, setMentions] = useState(start.mentions)
  const [field, setField] = useState<HTMLTextAreaElement | null>(null)
  const choice = useChoice(candidates, field, text, (chosen, at, end) => {
    const mention = mentionOf(chosen, mentions)
    // At once: the next key may come before the next frame.
    flushSync(() => {
      setMentions((all) => [...all, mention])
      setText(`${text.slice(0, at)}@${mention.name} ${text.slice(end)}`)
    })
    const caret = at + mention.name.length + 2
    field?.setSelectionRange(caret, caret)
  })
  const isEmpty = text.trim() === ''
  useEffect(() => {
    if (isEmpty) drafts?.delete(id)
    else drafts?.set(id, { text, mentions })
  }, [drafts, id, isEmpty, text, mentions])
  const cancel = () => {
    drafts?.delete(id)
    onCancel()
  }
  const send = (event?: FormEvent) => {
    event?.preventDefault()
    if (!isEmpty && !busy) onSend(encoded(text.trim(), mentions))
  }
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation()
    if (choice.onKey(event)) return
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send(event)
    else if (event.key === 'Escape') onCancel()
  }
  return (
    <form className="composer" onSubmit={send}>
      <textarea
        ref={setField}
        className="input"
        rows={3}
        aria-label={label}
        placeholder="Markdown; @ mentions a member or a group"
        autoFocus={autoFocus}
        value={text}
        {...choice.wiring}
        onChange={(event) => {
          setText(event.target.value)
          choice.look(event.target)
        }}
        onSelect={(event) => choice.look(event.currentTarget)}
        onBlur={choice.close}
        onKeyDown={onKeyDown}
      />
      <ChoiceList choice={choice} />
      <FormError error={error} />
      <div className="actions">
        <Button type="submit" look="main" busy={busy} disabled={isEmpty} title={`${action} (Ctrl+Enter)`}>
          {action}
        </Button>
        <Button look="quiet" onClick={cancel}>
          Cancel
        </Button>
      </div>
    </form>
  )
}

type Choose = (candidate: Candidate, at: number, end: number) => void

/** Those who fit what is typed after an @, and the keys that choose among them. */
function useChoice(candidates: readonly Candidate[], field: HTMLTextAreaElement | null, text: string, onChoose: Choose) {
  const id = useId()
  const [query, setQuery] = useState<{ at: number; query: string } | null>(null)
  const [current, setCurrent] = useState(0)
  const found = query ? matching(candidates, query.query) : []
  const chosen = Math.min(current, found.length - 1)
  const look = ({ value, selectionStart, selectionEnd }: HTMLTextAreaElement) => {
    setQuery(selectionStart === selectionEnd ? asked(value, selectionStart) : null)
  }
  const choose = (candidate: Candidate) => {
    if (query) onChoose(candidate, query.at, field?.selectionStart ?? text.length)
    setQuery(null)
    setCurrent(0)
  }
  const onKey = (event: KeyboardEvent): boolean => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (found.length === 0 || event.ctrlKey || event.metaKey) return false
    if (step !== undefined) setCurrent((chosen + step + found.length) % found.length)
    else if (event.key === 'Enter' || event.key === 'Tab') choose(found[chosen]!)
    else if (event.key === 'Escape') setQuery(null)
    else return false
    event.preventDefault()
    return true
  }
  const isOpen = found.length > 0
  const wiring = {
    'aria-autocomplete': 'list',
    'aria-haspopup': 'listbox',
    'aria-controls': isOpen ? id : undefined,
    'aria-activedescendant': isOpen ? `${id}-${chosen}` : undefined,
  } as const
  return { id, found, chosen, choose, look, onKey, wiring, close: () => setQuery(null) }
}

/** A field of several lines cannot say that its list is open; a line that is heard says it. */
function ChoiceList({ choice }: { choice: ReturnType<typeof useChoice> }) {
  const count = choice.found.length
  return (
    <>
      <p className="visually-hidden" role="status">
        {count > 0 && `${count} to mention. The arrow keys choose, Enter takes one.`}
      </p>
      {count > 0 && <Choices choice={choice} />}
    </>
  )
}

function Choices({ choice }: { choice: ReturnType<typeof useChoice> }) {
  return (
    <ul className="choice-list" role="listbox" id={choice.id} aria-label="Members and groups">
      {choice.found.map((each, index) => (
        <li
          key={each.id}
          id={`${choice.id}-${index}`}
          role="option"
          aria-selected={index === choice.chosen}
          // The field keeps the focus.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => choice.choose(each)}
        >
          <span>{each.name}</span> <span className="soft">{each.note}</span>
        </li>
      ))}
    </ul>
  )
}
