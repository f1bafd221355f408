import type { Editor } from '@tiptap/react'
import { useState, type FormEvent } from 'react'

import { Button } from '../ui/Button'
import { Dialog } from '../ui/Dialog'
import { TextField } from '../ui/Field'
import { addressOf } from './links'

/** Set, change or remove the link of the selection; with nothing selected the address itself becomes the text. */
export function LinkDialog({ editor, onClose }: { editor: Editor; onClose: () => void }) {
  const before = (editor.getAttributes('link').href as string | undefined) ?? ''
  const [typed, setTyped] = useState(before)
  const [error, setError] = useState<string>()
  const leave = () => {
    onClose()
    editor.commands.focus()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (setLink(editor, addressOf(typed), before !== '')) leave()
    else setError('This address cannot be a link. Web, mail and telephone addresses can.')
  }
  const remove = () => {
    editor.chain().extendMarkRange('link').unsetLink().run()
    leave()
  }
  return (
    <Dialog title="Link" onClose={leave}>
      <form className="form" onSubmit={submit}>
        <TextField label="Address" required autoFocus inputMode="url" autoComplete="off" value={typed} error={error} onChange={(event) => setTyped(event.target.value)} />
        <div className="actions">
          <Button onClick={leave}>Cancel</Button>
          {before && (
            <>
              <a className="button button-plain" href={before} target="_blank" rel="noopener noreferrer">
                Open
              </a>
              <Button onClick={remove}>Remove the link</Button>
            </>
          )}
          <Button type="submit" look="main">
            Set the link
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

function setLink(editor: Editor, href: string, exists: boolean): boolean {
  const chain = editor.chain()
  if (exists) return chain.extendMarkRange('link').setLink({ href }).run()
  if (!editor.state.selection.empty) return chain.setLink({ href }).run()
  if (!editor.can().setLink({ href })) return false
  return chain.insertContent({ type: 'text', text: href, marks: [{ type: 'link', attrs: { href } }] }).run()
}
