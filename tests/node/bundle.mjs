// Bundles a page's script from this folder's packages: node bundle.mjs ENTRY OUTFILE NAME=PACKAGE...
import { build } from 'esbuild'
import { fileURLToPath } from 'node:url'

const [entry, outfile, ...aliases] = process.argv.slice(2)
await build({
  entryPoints: [entry],
  outfile,
  bundle: true,
  format: 'esm',
  logLevel: 'error',
  alias: Object.fromEntries(aliases.map(alias => alias.split('='))),
  nodePaths: [fileURLToPath(new URL('node_modules', import.meta.url))]
})
