import { useState, type FormEvent } from 'react'

import { useChangeDocument } from '../../api/documents'
import type { SharedDocument } from '../../api/types'
import { Button } from '../../ui/Button'
import { Dialog } from '../../ui/Dialog'
import { TextField } from '../../ui/Field'
import { FormError } from '../../ui/Notice'

export function RenameDocumentDialog({ document, onClose }: { document: SharedDocument; onClose: () => void }) {
  const [title, setTitle] = useState(document.title)
  const change = useChangeDocument()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate({ id: document.id, title: title.trim() }, { onSuccess: onClose })
  }
  return (
    <Dialog title="Rename the document" onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <TextField
          label="Title"
          required
          maxLength={500}
          autoFocus
          value={title}
          onFocus={(event) => event.target.select()}
          onChange={(event) => setTitle(event.target.value)}
        />
        <FormError error={change.error} />
        <div className="actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="main" busy={change.isPending}>
            Rename
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
