// Node's Yjs as the oracle: one JSON question a line on stdin, one JSON answer a line on stdout, in the same order.
// {"do": "history", "seed": 7} -> {"ok": {...}} | {"error": "..."}; updates and state vectors travel as base64.
import { createInterface } from 'node:readline'
import * as Y from 'yjs'
import { history } from './history.mjs'
import { randomFrom } from './edits.mjs'
import { read, roots } from './roots.mjs'

// Every type in which an index is a place, with its path from the root on.
const reachable = (type, root, path) => {
  const here = type instanceof Y.Map ? [] : [{ type, root, path }]
  const children = type instanceof Y.Map || type instanceof Y.Text ? [] : type.toArray()
  return here.concat(children.flatMap((child, index) => child instanceof Y.AbstractType && !(child instanceof Y.XmlHook) ? reachable(child, root, [...path, index]) : []))
}

const base64 = bytes => Buffer.from(bytes).toString('base64')
const bytesOf = text => new Uint8Array(Buffer.from(text, 'base64'))

const ranges = ds => Object.fromEntries([...ds.clients].map(([client, each]) => [client, each.map(({ clock, len }) => [clock, clock + len])]))

const report = doc => ({
  state: Object.fromEntries(Y.decodeStateVector(Y.encodeStateVector(doc))),
  stateVector: base64(Y.encodeStateVector(doc)),
  update: base64(Y.encodeStateAsUpdate(doc)),
  deletes: ranges(Y.createDeleteSetFromStructStore(doc.store)),
  pending: doc.store.pendingStructs !== null || doc.store.pendingDs !== null,
  content: read(doc)
})

const questions = {
  /** A random history: see history.mjs. */
  history (options) {
    const { updates, syncs, kinds, doc } = history(options)
    return { updates: updates.map(base64), syncs: syncs.map(base64), kinds, ...report(doc) }
  },

  /** What a fresh document is after these updates, in this order. */
  apply ({ updates, gc = true }) {
    const doc = new Y.Doc({ gc })
    read(doc)
    for (const update of updates) Y.applyUpdate(doc, bytesOf(update))
    return report(doc)
  },

  /**
   * Relative positions that Yjs makes in the document of `before`, in texts and XML that can be reached by a path,
   * and where Yjs finds them in the document of `after`: null when nowhere, `gone` when within a type that was deleted.
   */
  positions ({ before, after, seed, number }) {
    const random = randomFrom(seed)
    const below = limit => Math.floor(random() * limit)
    const [early, late] = [before, after].map(updates => {
      const doc = new Y.Doc()
      read(doc)
      for (const update of updates) Y.applyUpdate(doc, bytesOf(update))
      return doc
    })
    const types = ['text', 'xml', 'array'].flatMap(root => reachable(roots(early)[root], root, []))
    return Array.from({ length: number }, () => {
      const { type, root, path } = types[below(types.length)]
      const [index, assoc] = [below(type.length + 1), below(2) - 1]
      const position = Y.createRelativePositionFromTypeIndex(type, index, assoc)
      const found = Y.createAbsolutePositionFromRelativePosition(position, late)
      return {
        place: { root, path, index, assoc },
        json: Y.relativePositionToJSON(position),
        bytes: base64(Y.encodeRelativePosition(position)),
        found: found && { index: found.index, gone: found.type._item !== null && found.type._item.deleted }
      }
    })
  },

  merge ({ updates }) { return { update: base64(Y.mergeUpdates(updates.map(bytesOf))) } },

  diff ({ update, stateVector }) { return { update: base64(Y.diffUpdate(bytesOf(update), bytesOf(stateVector))) } },

  stateOf ({ update }) {
    return { state: Object.fromEntries(Y.decodeStateVector(Y.encodeStateVectorFromUpdate(bytesOf(update)))) }
  }
}

const answer = ({ do: name, ...question }) => {
  try {
    return { ok: questions[name](question) }
  } catch (error) {
    return { error: `${error.name}: ${error.message}` }
  }
}

for await (const line of createInterface({ input: process.stdin })) process.stdout.write(JSON.stringify(answer(JSON.parse(line))) + '\n')
