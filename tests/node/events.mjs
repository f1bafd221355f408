// An unmodified EventSource of npm that follows channels; its line is cut by others.
// node events.mjs URL TOKEN CHANNELS: prints one JSON object a line for each event that it hears: {type, data, id}.
import { EventSource } from 'eventsource'

const [url, token, channels] = process.argv.slice(2)
const source = new EventSource(`${url}/events?channels=${encodeURIComponent(channels)}`, {
  fetch: (input, init) => fetch(input, { ...init, headers: { ...init.headers, Authorization: `Bearer ${token}` } })
})
const say = ({ type, data, lastEventId }) => console.log(JSON.stringify({ type, data: data && JSON.parse(data), id: lastEventId }))
for (const type of ['sync', 'bye', 'unsubscribed', 'counterpoint.document.created.v1']) source.addEventListener(type, say)
