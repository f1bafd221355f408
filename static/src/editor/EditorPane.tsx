import Collaboration from '@tiptap/extension-collaboration'
import { EditorContent, useEditor, type Editor } from '@tiptap/react'
import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { createPortal } from 'react-dom'

import type { DocumentSession } from '../session/documentSession'
import { carets } from './carets'
import { ForeignView } from './ForeignView'
import { LinkDialog } from './LinkDialog'
import { FIELD, schemaExtensions } from './schema'
import { Toolbar } from './Toolbar'
import { useForeign } from './useForeign'

interface Props {
  session: DocumentSession
  editable: boolean
  /** Where the toolbar goes: below the header, with which it stays in sight. */
  toolbarPlace: HTMLElement | null
}

export function EditorPane(props: Props) {
  const editor = useRef<Editor | null>(null)
  const { doc } = props.session
  const foreign = useForeign(doc, editor)
  if (foreign) return <ForeignView doc={doc} names={foreign} />
  return <LiveEditor {...props} held={editor} />
}

function LiveEditor({ session, editable, toolbarPlace, held }: Props & { held: { current: Editor | null } }) {
  const [isLinking, setLinking] = useState(false)
  const toolbar = useRef<HTMLDivElement>(null)
  const editor = useSessionEditor(session, editable)
  held.current = editor
  useEffect(() => {
    editor.setEditable(editable, false)
  }, [editor, editable])
  const onKeyDown = (event: KeyboardEvent) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k' && editable) {
      event.preventDefault()
      setLinking(true)
    } else if (event.altKey && event.key === 'F10') {
      event.preventDefault()
      toolbar.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus()
    } else if (event.key === 'Escape') {
      editor.commands.blur()
    }
  }
  return (
    <>
      {editable &&
        toolbarPlace &&
        createPortal(<Toolbar ref={toolbar} editor={editor} onLink={() => setLinking(true)} />, toolbarPlace)}
      <div className="paper" onKeyDown={onKeyDown}>
        <EditorContent editor={editor} className="prose-editor" />
      </div>
      {isLinking && <LinkDialog editor={editor} onClose={() => setLinking(false)} />}
    </>
  )
}

function useSessionEditor(session: DocumentSession, editable: boolean): Editor {
  return useEditor(
    {
      editable,
      // The policy allows no style elements: the rules are in styles/editor.css.
      injectCSS: false,
      shouldRerenderOnTransaction: false,
      extensions: [
        ...schemaExtensions(),
        Collaboration.configure({ document: session.doc, field: FIELD }),
        carets(session.awareness),
      ],
      editorProps: {
        attributes: {
          role: 'textbox',
          'aria-multiline': 'true',
          'aria-label': 'Text of the document',
          'data-testid': 'editor',
          tabindex: '0',
        },
      },
    },
    [session],
  )
}
