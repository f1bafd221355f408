// An unmodified centrifuge client that follows the documents of a workspace; its line is cut by others.
// node feed.mjs URL SOCKET-URL TOKEN WORKSPACE [TRANSPORT]: follows until it has come to the offset that a line of its input says,
// then prints one JSON object, {log, documents}: what it was told, in order, and the documents that it knows.
import { createInterface } from 'node:readline'
import { Centrifuge } from 'centrifuge'
import { EventSource } from 'eventsource'
import WebSocket from 'ws'

const AGAIN_MS = 200
const [url, sockets, token, workspace, transport = 'websocket'] = process.argv.slice(2)
const log = []
let documents = new Set()
let reloading = Promise.resolve()
let at = -1
let goal = Infinity

async function reload() {
  for (;;) {
    try {
      return await list()
    } catch {
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
    }
  }
}

async function list() {
  const found = new Set()
  let cursor = ''
  do {
    const answer = await fetch(
      `${url}/collaboration/workspaces/${workspace}/documents?limit=100${cursor && `&cursor=${cursor}`}`,
      { headers: { Authorization: `Bearer ${token}` } }
    )
    if (!answer.ok) throw new Error(await answer.text())
    const page = await answer.json()
    for (const each of page.data) found.add(each.id)
    cursor = page.next_cursor
  } while (cursor)
  documents = new Set([...found, ...documents])
}

async function look() {
  if (at < goal) return
  goal = Infinity
  await reloading
  process.stdout.write(JSON.stringify({ log, documents: [...documents].sort() }) + '\n', () => process.exit(0))
}

async function getToken() {
  const answer = await fetch(`${url}/auth/ws-ticket`, { method: 'POST', headers: { Authorization: `Bearer ${token}` } })
  if (!answer.ok) throw new Error(await answer.text())
  return (await answer.json()).ticket
}

const line = sockets.replace('ws', transport === 'websocket' ? 'ws' : 'http')
const endpoint = `${line}/connection/${transport}`
const client = new Centrifuge(transport === 'websocket' ? endpoint : [{ transport, endpoint }], {
  websocket: WebSocket,
  eventsource: EventSource,
  emulationEndpoint: `${line}/emulation`,
  ...(transport === 'sse' ? { getToken } : { token }),
  minReconnectDelay: 10,
  maxReconnectDelay: 50
})
const subscription = client.newSubscription(`workspace:${workspace}`)
subscription.on('publication', ({ offset, data }) => {
  log.push({ event: offset })
  at = offset
  if (data.type === 'counterpoint.document.created.v1') documents.add(data.data.document.id)
  look()
})
subscription.on('subscribed', ({ wasRecovering, recovered, streamPosition }) => {
  log.push({ subscribed: streamPosition.offset, wasRecovering, recovered })
  if (!wasRecovering || !recovered) {
    at = streamPosition.offset
    documents = new Set()
    reloading = Promise.all([reloading, reload()])
  }
  look()
})
createInterface({ input: process.stdin }).on('line', (line) => {
  goal = Number(line)
  look()
})
subscription.subscribe()
client.connect()
await subscription.ready(10_000)
console.log('following')
