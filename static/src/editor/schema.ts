/** The one schema of our documents; the server's crdt/editor.py has the same. */

import { getSchema, type Extensions } from '@tiptap/core'
import Image from '@tiptap/extension-image'
import { TaskItem, TaskList } from '@tiptap/extension-list'
import { Placeholder } from '@tiptap/extensions'
import type { Schema } from '@tiptap/pm/model'
import StarterKit from '@tiptap/starter-kit'

export function schemaExtensions(): Extensions {
  return [
    StarterKit.configure({
      // The history of a shared document is Yjs's: it undoes one's own edits only.
      undoRedo: false,
      // It would write an empty paragraph into a document by merely opening it, once for each reader.
      trailingNode: false,
      link: {
        openOnClick: false,
        defaultProtocol: 'https',
        HTMLAttributes: { rel: 'noopener noreferrer nofollow', target: '_blank' },
      },
    }),
    TaskList,
    TaskItem.configure({
      nested: true,
      a11y: { checkboxLabel: (node) => node.textContent || 'Task' },
    }),
    Image.configure({ allowBase64: true }),
    Placeholder.configure({ placeholder: 'Write something…' }),
  ]
}

export const makeSchema = (): Schema => getSchema(schemaExtensions())
