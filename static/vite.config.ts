import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

import { compressed } from './compressed.ts'
import { serviceWorker } from './worker/plugin.ts'

const SERVER = 'http://127.0.0.1:8000'

export default defineConfig({
  plugins: [react(), serviceWorker(), compressed()],
  build: {
    outDir: 'dist',
    // Browsers that know light-dark(): the two themes are one table of colours.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // Nothing is written into the page: the policy allows no inline script, style or data: font.
    assetsInlineLimit: 0,
    // The editor with its schema and Yjs is one lazy chunk.
    chunkSizeWarningLimit: 650,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: {
      '/auth': SERVER,
      '/collaboration': SERVER,
      '/notifications': SERVER,
      '/webhooks': SERVER,
      '/connection': { target: SERVER, ws: true },
      '/hocuspocus': { target: SERVER, ws: true },
    },
  },
  test: { include: ['src/**/*.test.ts'] },
})
