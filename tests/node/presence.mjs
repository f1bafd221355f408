// Unmodified centrifuge clients of two people in a workspace; one watches, the other comes twice and goes.
// node presence.mjs SOCKET-URL TOKEN OTHER-TOKEN WORKSPACE: prints one JSON object, {told, alone, both}.
import { Centrifuge } from 'centrifuge'
import WebSocket from 'ws'

const [sockets, token, other, workspace] = process.argv.slice(2)

async function enter(token) {
  const client = new Centrifuge(`${sockets}/connection/websocket`, { websocket: WebSocket, token })
  const subscription = client.newSubscription(`workspace:${workspace}`, { joinLeave: true })
  const came = new Promise(done => subscription.on('subscribed', done))
  return { client, subscription, async begin() { subscription.subscribe(); client.connect(); await came } }
}

const told = []
const ada = await enter(token)
let look = () => {}
ada.subscription.on('join', ({ info }) => { told.push(['join', info.user, info.connInfo.name]); look() })
ada.subscription.on('leave', ({ info }) => { told.push(['leave', info.user, info.connInfo.name]); look() })
const heard = count => new Promise(done => { look = () => told.length >= count && done(); look() })

await ada.begin()
const alone = await ada.subscription.presenceStats()
const [first, second] = [await enter(other), await enter(other)]
await first.begin()
await second.begin()
await heard(1)
const both = { ...await ada.subscription.presenceStats(), users: Object.values((await ada.subscription.presence()).clients).map(each => each.user) }
first.client.disconnect()
second.client.disconnect()
await heard(2)
console.log(JSON.stringify({ told, alone, both }))
process.exit(0)
