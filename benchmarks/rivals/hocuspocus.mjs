// usage: node hocuspocus.mjs PORT    (no extensions: nothing is stored)
import { Server } from '@hocuspocus/server'

const server = new Server({ port: Number(process.argv[2]), address: '127.0.0.1', quiet: true })
await server.listen()
