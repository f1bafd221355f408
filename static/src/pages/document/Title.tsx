import { useState, type KeyboardEvent } from 'react'

import { useChangeDocument } from '../../api/documents'
import { messageOf } from '../../api/errors'
import { useToast } from '../../ui/Toasts'

const MAX = 500

/** The title, which is changed in place: Enter or leaving it saves, Escape takes it back. */
export function Title({ id, title, mayRename }: { id: string; title: string; mayRename: boolean }) {
  const [text, setText] = useState(title)
  const change = useChangeDocument()
  const say = useToast()
  const save = () => {
    const wish = text.trim()
    if (wish === title) return
    if (wish === '') return setText(title)
    const failed = (error: Error) => {
      setText(title)
      say(`The title was not changed: ${messageOf(error)}`, { kind: 'error' })
    }
    change.mutate({ id, title: wish }, { onError: failed })
  }
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Enter') event.currentTarget.blur()
    if (event.key === 'Escape') setText(title)
  }
  return (
    <h1 className="document-title">
      <input
        aria-label="Title"
        value={text}
        maxLength={MAX}
        readOnly={!mayRename}
        aria-busy={change.isPending}
        onChange={(event) => setText(event.target.value)}
        onBlur={save}
        onKeyDown={onKeyDown}
      />
    </h1>
  )
}
