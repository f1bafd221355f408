// Drives real Yjs clients for the Python tests: one JSON command a line on stdin, one JSON reply a line on stdout.
// {"id": 1, "do": "open", "client": "ada", "family": "y-websocket", "version": 3, ...} -> {"id": 1, "ok": ...} | {"id": 1, "error": "..."}
import { createInterface } from 'node:readline'
import { createHash } from 'node:crypto'
import * as Y from 'yjs'
import { open } from './providers.mjs'
import { insert, randomFrom, read, remove } from './edits.mjs'

const TEXT = { root: 'text', kind: 'text' }
const clients = new Map()

const base64 = bytes => Buffer.from(bytes).toString('base64')
const bytesOf = text => new Uint8Array(Buffer.from(text, 'base64'))
const clientOf = ({ client }) => {
  const found = clients.get(client)
  if (!found) throw new Error(`there is no client "${client}"`)
  return found
}

const commands = {
  async open ({ client, seed = 1, ...options }) {
    if (clients.has(client)) throw new Error(`client "${client}" is open already`)
    const face = await open(options)
    clients.set(client, Object.assign(face, { random: randomFrom(seed), sent: [], timer: null }))
    return { clientId: face.doc.clientID }
  },

  insert ({ text, place = TEXT, ...of }) {
    const { doc, random } = clientOf(of)
    insert(doc, place, random, text)
  },

  delete ({ most = 3, place = TEXT, ...of }) {
    const { doc, random } = clientOf(of)
    return remove(doc, place, random, most)
  },

  set ({ map = 'map', key, value, ...of }) { clientOf(of).doc.getMap(map).set(key, value) },

  setAwareness ({ field, value, ...of }) { clientOf(of).awareness.setLocalStateField(field, value) },

  sendStateless ({ payload, ...of }) { clientOf(of).provider.sendStateless(payload) },

  // Inserts ⟦client:n⟧ at random places, `rate` times a second, until `stop`.
  write ({ rate, place = TEXT, ...of }) {
    const client = clientOf(of)
    if (client.timer) throw new Error('it writes already')
    client.timer = setInterval(() => {
      const token = `⟦${of.client}:${client.sent.length}⟧`
      insert(client.doc, place, client.random, token)
      client.sent.push(token)
    }, 1000 / rate)
  },

  stop (of) {
    const client = clientOf(of)
    clearInterval(client.timer)
    client.timer = null
    return { sent: client.sent.length }
  },

  report ({ place = TEXT, map = 'map', ...of }) {
    const { doc, awareness, closes, denials, stateless, status, sent } = clientOf(of)
    const state = Y.encodeStateAsUpdate(doc)
    return {
      ...status(),
      text: read(doc, place),
      map: doc.getMap(map).toJSON(),
      state: base64(state),
      digest: createHash('sha256').update(state).digest('hex'),
      stateVector: base64(Y.encodeStateVector(doc)),
      pending: doc.store.pendingStructs !== null || doc.store.pendingDs !== null,
      awareness: Object.fromEntries(awareness.getStates()),
      clientId: doc.clientID,
      sent: sent.length,
      closes,
      denials,
      stateless
    }
  },

  status: of => { const { closes, denials, stateless, status, sent, awareness } = clientOf(of); return { ...status(), closes, denials, stateless, sent: sent.length, awareness: Object.fromEntries(awareness.getStates()) } },
  connect: of => { clientOf(of).connect() },
  disconnect: of => { clientOf(of).disconnect() },
  cut: of => { clientOf(of).cut() },

  destroy (of) {
    const client = clientOf(of)
    clearInterval(client.timer)
    client.destroy()
    clients.delete(of.client)
  },

  // The oracle: what a fresh Yjs makes of these updates.
  apply ({ updates, place = TEXT, map = 'map' }) {
    const doc = new Y.Doc()
    for (const update of updates) Y.applyUpdate(doc, bytesOf(update))
    const state = Y.encodeStateAsUpdate(doc)
    return {
      text: read(doc, place),
      map: doc.getMap(map).toJSON(),
      digest: createHash('sha256').update(state).digest('hex'),
      pending: doc.store.pendingStructs !== null || doc.store.pendingDs !== null
    }
  }
}

const answer = async line => {
  const { id, do: name, ...parameters } = JSON.parse(line)
  try {
    if (!Object.hasOwn(commands, name)) throw new Error(`unknown command "${name}"`)
    return { id, ok: (await commands[name](parameters)) ?? null }
  } catch (error) {
    return { id, error: String(error.stack ?? error) }
  }
}

// Clients log to the console; stdout belongs to the replies.
for (const level of ['log', 'info', 'warn', 'debug']) console[level] = console.error
const say = reply => process.stdout.write(JSON.stringify(reply) + '\n')
createInterface({ input: process.stdin }).on('line', line => answer(line).then(say)).on('close', () => process.exit(0))
say({ ready: true, node: process.version })
