// TipTap on a shared document, by the Hocuspocus provider. Options in the address: ?server=ws://host:8000&document=name&token=...&user=Ada
import { HocuspocusProvider } from '@hocuspocus/provider'
import { Editor } from '@tiptap/core'
import Collaboration from '@tiptap/extension-collaboration'
import CollaborationCaret from '@tiptap/extension-collaboration-caret'
import StarterKit from '@tiptap/starter-kit'

const options = new URLSearchParams(location.search)
const server = options.get('server') ?? 'ws://127.0.0.1:8000'
const status = document.querySelector('#status')

const provider = new HocuspocusProvider({
  url: `${server}/hocuspocus`,
  name: options.get('document') ?? 'tiptap-example',
  token: options.get('token') ?? '',
  onAuthenticationFailed: ({ reason }) => { status.textContent = reason },
  onUnsyncedChanges: ({ number }) => { status.textContent = number ? 'saving' : 'saved' }
})

new Editor({
  element: document.querySelector('#editor'),
  extensions: [
    StarterKit.configure({ undoRedo: false }),
    Collaboration.configure({ document: provider.document }),
    CollaborationCaret.configure({ provider, user: { name: options.get('user') ?? 'Guest', color: '#1f6feb' } })
  ]
})
