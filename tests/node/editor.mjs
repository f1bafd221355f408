// The real editor's side: TipTap's schema and its Yjs binding. One JSON question a line on stdin, one answer on stdout.
// {"do": "open", "update": base64} -> what TipTap shows of it; {"do": "write", "json": {...}} -> the update that TipTap makes.
import { createInterface } from 'node:readline'
import { getSchema, Node } from '@tiptap/core'
import { TaskItem, TaskList } from '@tiptap/extension-list'
import { StarterKit } from '@tiptap/starter-kit'
import { initProseMirrorDoc, prosemirrorJSONToYDoc, yDocToProsemirrorJSON } from '@tiptap/y-tiptap'
import * as Y from 'yjs'

// The attributes of @tiptap/extension-image.
const Image = Node.create({
  name: 'image',
  group: 'block',
  draggable: true,
  addAttributes: () => Object.fromEntries(['src', 'alt', 'title', 'width', 'height'].map(name => [name, { default: null }]))
})

const schema = getSchema([StarterKit.configure({ undoRedo: false }), TaskList, TaskItem.configure({ nested: true }), Image])

const questions = {
  /** `raw`: what stands in Yjs; `shown`: what the editor makes of it, checked against its schema. */
  open ({ update }) {
    const doc = new Y.Doc()
    Y.applyUpdate(doc, new Uint8Array(Buffer.from(update, 'base64')))
    const before = Buffer.from(Y.encodeStateAsUpdate(doc)).toString('base64')
    const shown = initProseMirrorDoc(doc.getXmlFragment('default'), schema).doc
    shown.check()
    const untouched = before === Buffer.from(Y.encodeStateAsUpdate(doc)).toString('base64')
    return { raw: yDocToProsemirrorJSON(doc, 'default'), shown: shown.toJSON(), untouched }
  },

  write ({ json }) {
    const doc = prosemirrorJSONToYDoc(schema, json, 'default')
    return { update: Buffer.from(Y.encodeStateAsUpdate(doc)).toString('base64') }
  }
}

const answer = ({ do: name, ...question }) => {
  try {
    return { ok: questions[name](question) }
  } catch (error) {
    return { error: `${error.name}: ${error.message}` }
  }
}

for await (const line of createInterface({ input: process.stdin })) process.stdout.write(JSON.stringify(answer(JSON.parse(line))) + '\n')
