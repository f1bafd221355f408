// An unmodified centrifuge client that follows the documents of a workspace; its line is cut by others.
// node feed.mjs URL SOCKET-URL TOKEN WORKSPACE COUNT [TRANSPORT]: follows until it knows COUNT documents, then prints one JSON object,
// {log, documents}: what it was told, in order, and the documents that it knows.
import { Centrifuge } from 'centrifuge'
import { EventSource } from 'eventsource'
import WebSocket from 'ws'

const [url, sockets, token, workspace, count, transport = 'websocket'] = process.argv.slice(2)
const log = []
let documents = new Set()
let reloading = Promise.resolve()

async function reload() {
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
  look()
}

function look() {
  if (documents.size < Number(count)) return
  setTimeout(async () => {
    await reloading
    process.stdout.write(JSON.stringify({ log, documents: [...documents].sort() }) + '\n', () => process.exit(0))
  }, 300)
  look = () => {}
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
  if (data.type === 'counterpoint.document.created.v1') documents.add(data.data.document.id)
  look()
})
subscription.on('subscribed', ({ wasRecovering, recovered, streamPosition }) => {
  log.push({ subscribed: streamPosition.offset, wasRecovering, recovered })
  if (wasRecovering && !recovered) {
    documents = new Set()
    reloading = reload()
  }
})
subscription.subscribe()
client.connect()
await subscription.ready(10_000)
console.log('following')
