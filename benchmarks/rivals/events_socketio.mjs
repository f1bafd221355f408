// usage: node events_socketio.mjs PORT: rooms as its documentation makes them; POST /publish/ROOM says its body there, too.
import { createServer } from 'node:http'
import { Server } from 'socket.io'

const http = createServer((request, response) => {
  let body = ''
  request.on('data', part => (body += part)).on('end', () => {
    if (request.method === 'POST') io.to(request.url.slice('/publish/'.length)).emit('event', JSON.parse(body))
    response.setHeader('Content-Length', 0).writeHead(200).end()
  })
})
const io = new Server(http)
io.on('connection', socket => {
  socket.on('join', room => {
    socket.join(room)
    socket.emit('joined', room)
  })
  socket.on('publish', (room, data) => socket.to(room).emit('event', data))
})
http.listen(Number(process.argv[2]), '127.0.0.1')
