/** Writes every text of the build once more, compressed, so that the server has nothing to pack when it starts. */

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { constants, gzipSync } from 'node:zlib'

import type { Plugin } from 'vite'

const TEXTS = /\.(html|js|mjs|css|json|svg|webmanifest)$/

export function compressed(): Plugin {
  let folder = ''
  return {
    name: 'counterpoint-compressed',
    apply: 'build',
    configResolved(config) {
      folder = config.build.outDir
    },
    closeBundle() {
      for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
        if (!TEXTS.test(name)) continue
        const plain = readFileSync(join(folder, name))
        const packed = gzipSync(plain, { level: constants.Z_BEST_COMPRESSION })
        if (packed.length < plain.length) writeFileSync(join(folder, `${name}.gz`), packed)
      }
    },
  }
}
