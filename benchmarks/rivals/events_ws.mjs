// usage: node events_ws.mjs PORT: what one hears in a room (the URL's path) all others get; POST /publish/ROOM says it, too.
import { createServer } from 'node:http'
import { WebSocketServer } from 'ws'

const rooms = new Map()
const room = name => rooms.get(name) ?? rooms.set(name, new Set()).get(name)

const http = createServer((request, response) => {
  let body = ''
  request.on('data', part => (body += part)).on('end', () => {
    if (request.method === 'POST') for (const client of room(request.url.replace('/publish', ''))) client.send(body)
    response.setHeader('Content-Length', 0).writeHead(200).end()
  })
})
new WebSocketServer({ server: http, perMessageDeflate: false }).on('connection', (socket, request) => {
  const members = room(request.url)
  members.add(socket)
  socket.on('message', (data, binary) => {
    for (const other of members) if (other !== socket && other.readyState === 1) other.send(data, { binary })
  })
  socket.on('close', () => members.delete(socket))
})
http.listen(Number(process.argv[2]), '127.0.0.1')
