// CodeMirror 6 on a shared text, by y-websocket. Options in the address: ?server=ws://host:8000&document=name&token=...&user=Ada
import { basicSetup, EditorView } from 'codemirror'
import { yCollab } from 'y-codemirror.next'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'

const options = new URLSearchParams(location.search)
const server = options.get('server') ?? 'ws://127.0.0.1:8000'
const token = options.get('token')

const doc = new Y.Doc()
const provider = new WebsocketProvider(`${server}/sync`, options.get('document') ?? 'codemirror-example', doc, {
  params: token ? { token } : {}
})
provider.awareness.setLocalStateField('user', { name: options.get('user') ?? 'Guest', color: '#1f6feb' })
provider.on('status', ({ status }) => { document.querySelector('#status').textContent = status })

const text = doc.getText('codemirror')
new EditorView({
  doc: text.toString(),
  extensions: [basicSetup, EditorView.lineWrapping, yCollab(text, provider.awareness)],
  parent: document.querySelector('#editor')
})
