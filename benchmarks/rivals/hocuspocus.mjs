// usage: node hocuspocus.mjs PORT [SQLITE-FILE]    (without a file nothing is stored; all else is the default)
import { Server } from '@hocuspocus/server'

const [port, file] = process.argv.slice(2)
const extensions = []
if (file) {
  const { SQLite } = await import('@hocuspocus/extension-sqlite')
  extensions.push(new SQLite({ database: file }))
}
const server = new Server({ port: Number(port), address: '127.0.0.1', quiet: true, extensions })
await server.listen()
