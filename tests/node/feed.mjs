// An unmodified centrifuge client, whose socket is torn down at random moments while documents are made over REST.
// node feed.mjs URL TOKEN WORKSPACE COUNT: prints one JSON object, {offsets, recovered, lost}.
import { Centrifuge } from 'centrifuge'
import WebSocket from 'ws'

const [url, token, workspace, count] = process.argv.slice(2)
const sockets = new Set()
class Torn extends WebSocket {
  constructor(...given) {
    super(...given)
    sockets.add(this)
    this.on('close', () => sockets.delete(this))
  }
}

const client = new Centrifuge(`${url.replace('http', 'ws')}/connection/websocket`, {
  websocket: Torn,
  token,
  minReconnectDelay: 10,
  maxReconnectDelay: 50
})
const subscription = client.newSubscription(`workspace:${workspace}`)
const told = { offsets: [], recovered: 0, lost: 0 }
let arrived = () => {}
subscription.on('publication', ({ offset }) => {
  told.offsets.push(offset)
  arrived()
})
subscription.on('subscribed', ({ wasRecovering, recovered }) => {
  if (wasRecovering) told[recovered ? 'recovered' : 'lost'] += 1
})
subscription.subscribe()
client.connect()
await subscription.ready(10_000)

let tearing = true
const tear = () => {
  for (const socket of sockets) socket.terminate()
  if (tearing) setTimeout(tear, 50 + Math.random() * 200)
}
tear()
for (let made = 0; made < Number(count); made += 1) {
  const answer = await fetch(`${url}/collaboration/workspaces/${workspace}/documents`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
    body: JSON.stringify({ title: `Plan ${made}`, type: 'report', content: '' })
  })
  if (!answer.ok) throw new Error(await answer.text())
}
tearing = false
const deadline = setTimeout(() => finish(), 20_000)
const finish = () => {
  clearTimeout(deadline)
  console.log(JSON.stringify(told))
  process.exit(0)
}
arrived = () => told.offsets.length >= Number(count) && setTimeout(finish, 300)
arrived()
