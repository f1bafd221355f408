/** Writes the service worker: worker/sw.js and worker/push.js, with the files of this build and their version in it. */

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import type { Plugin } from 'vite'

const SOURCES = ['sw.js', 'push.js'].map((name) => fileURLToPath(new URL(name, import.meta.url)))
// What is not an output of the bundler, or becomes one after this.
const BESIDE = ['index.html', 'theme.js', 'favicon.svg']

export function serviceWorker(): Plugin {
  return {
    name: 'counterpoint-service-worker',
    apply: 'build',
    generateBundle(_, bundle) {
      const files = [...new Set([...Object.keys(bundle), ...BESIDE])].map((name) => `/${name}`).sort()
      const version = createHash('sha256').update(files.join('\n')).digest('hex').slice(0, 16)
      const head = `const FILES = ${JSON.stringify(files)}\nconst VERSION = ${JSON.stringify(version)}\n`
      const source = [head, ...SOURCES.map((path) => readFileSync(path, 'utf8'))].join('\n')
      this.emitFile({ type: 'asset', fileName: 'sw.js', source })
    },
  }
}
