import { useState, type FormEvent } from 'react'
import { useLocation } from 'wouter'

import { useCreateDocument } from '../../api/documents'
import type { NewDocument } from '../../api/schema'
import type { DocumentType } from '../../api/types'
import { Button } from '../../ui/Button'
import { Dialog } from '../../ui/Dialog'
import { AreaField, SelectField, TextField } from '../../ui/Field'
import { FormError } from '../../ui/Notice'
import { DOCUMENT_TYPES } from '../../ui/words'

type Start = 'empty' | 'markdown' | 'text'

const STARTS: Record<Start, string> = { empty: 'An empty page', markdown: 'Markdown', text: 'Plain text' }

export function NewDocumentDialog({ workspace, onClose }: { workspace: string; onClose: () => void }) {
  const [title, setTitle] = useState('')
  const [type, setType] = useState<DocumentType>('report')
  const [start, setStart] = useState<Start>('empty')
  const [content, setContent] = useState('')
  const [, navigate] = useLocation()
  const create = useCreateDocument(workspace)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const wish: NewDocument = { title: title.trim(), type }
    if (start !== 'empty' && content !== '') Object.assign(wish, { content, content_format: start })
    create.mutate(wish, { onSuccess: (document) => navigate(`/documents/${document.id}`) })
  }
  return (
    <Dialog title="New document" onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <TextField label="Title" required maxLength={500} autoFocus value={title} onChange={(event) => setTitle(event.target.value)} />
        <SelectField label="Kind" options={DOCUMENT_TYPES} value={type} onChange={(event) => setType(event.target.value as DocumentType)} />
        <SelectField label="Begin with" options={STARTS} value={start} onChange={(event) => setStart(event.target.value as Start)} />
        {start !== 'empty' && (
          <AreaField label={STARTS[start]} rows={8} spellCheck={false} value={content} onChange={(event) => setContent(event.target.value)} />
        )}
        <FormError error={create.error} />
        <div className="actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="main" busy={create.isPending}>
            Make it
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
