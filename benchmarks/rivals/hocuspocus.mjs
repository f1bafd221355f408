// usage: [REDIS_PORT=PORT] node hocuspocus.mjs PORT [SQLITE-FILE]
// Without a file nothing is stored, without a Redis it is alone; all else is the default.
import { Server } from '@hocuspocus/server'

const [port, file] = process.argv.slice(2)
const extensions = []
if (file) {
  const { SQLite } = await import('@hocuspocus/extension-sqlite')
  extensions.push(new SQLite({ database: file }))
}
if (process.env.REDIS_PORT) {
  const { Redis } = await import('@hocuspocus/extension-redis')
  extensions.push(new Redis({ host: '127.0.0.1', port: Number(process.env.REDIS_PORT) }))
}
const server = new Server({ port: Number(port), address: '127.0.0.1', quiet: true, extensions })
await server.listen()
