import Collaboration from '@tiptap/extension-collaboration'
import { EditorContent, useEditor, type Editor } from '@tiptap/react'
import { useEffect, useRef, useState, useSyncExternalStore, type KeyboardEvent } from 'react'
import { createPortal } from 'react-dom'

import type { DocumentSession } from '../session/documentSession'
import { carets } from './carets'
import { ForeignView } from './ForeignView'
import { LinkDialog } from './LinkDialog'
import { FIELD } from './field'
import { schemaExtensions } from './schema'
import type { ThreadLayer } from './threadLayer'
import { Toolbar } from './Toolbar'

interface Props {
  session: DocumentSession
  editable: boolean
  /** Where the toolbar goes: below the header, with which it stays in sight. */
  toolbarPlace: HTMLElement | null
  threads: ThreadLayer
  /** Absent where the reader may not comment. */
  onComment: (() => void) | undefined
}

export function EditorPane(props: Props) {
  const { doc, foreign } = props.session
  const names = useSyncExternalStore(foreign.subscribe, () => foreign.names)
  return names ? <ForeignView doc={doc} names={names} /> : <LiveEditor {...props} />
}

function LiveEditor({ session, editable, toolbarPlace, threads, onComment }: Props) {
  const [isLinking, setLinking] = useState(false)
  const toolbar = useRef<HTMLDivElement>(null)
  const editor = useSessionEditor(session, editable, threads)
  useEffect(() => {
    if (!editor.isDestroyed) editor.setEditable(editable, false)
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
        createPortal(<Toolbar ref={toolbar} editor={editor} onLink={() => setLinking(true)} onComment={onComment} />, toolbarPlace)}
      <div className="paper" onKeyDown={onKeyDown}>
        <EditorContent editor={editor} className="prose-editor" />
      </div>
      {isLinking && <LinkDialog editor={editor} onClose={() => setLinking(false)} />}
    </>
  )
}

function useSessionEditor(session: DocumentSession, editable: boolean, threads: ThreadLayer): Editor {
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
        threads.extension(),
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
      // Before it is mounted, and with it bound to the shared document.
      onBeforeCreate: ({ editor }) => session.foreign.guard(editor),
    },
    [session],
  )
}
