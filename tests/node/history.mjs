// Random histories of several people who edit at once, with every kind of content that Yjs 13 knows.
import * as Y from 'yjs'
import { randomFrom } from './edits.mjs'
import { roots } from './roots.mjs'

const WORDS = ['a', 'word ', 'é', '漢字', '😀', '👩‍👩‍👧', '\u0000', 'line\n', 'x😀y', 'ﬁn', '\ufffd']
const KEYS = ['one', 'two', 'schlüssel', '🔑', '']

class Person {
  constructor (random, clientId, gc) {
    this.random = random
    this.doc = new Y.Doc({ gc })
    this.doc.clientID = clientId
    this.undo = new Y.UndoManager(Object.values(roots(this.doc)), { captureTimeout: 0 })
  }

  below (limit) { return Math.floor(this.random() * limit) }
  pick (list) { return list[this.below(list.length)] }
  words () { return Array.from({ length: 1 + this.below(4) }, () => this.pick(WORDS)).join('') }

  value (depth = 0) {
    return this.pick([
      () => this.words(), () => '', () => this.below(100) - 50, () => this.random() * 1e6, () => 0.5, () => -0, () => 2 ** 40 + this.below(9),
      () => -(2 ** 31), () => true, () => false, () => null, () => undefined, () => NaN, () => BigInt(this.below(99)) - 7n,
      () => new Uint8Array([0, this.below(256)]),
      () => depth > 3 ? [] : Array.from({ length: this.below(3) }, () => this.value(depth + 1)),
      () => depth > 3 ? {} : Object.fromEntries(KEYS.slice(0, this.below(4)).map(key => [key, this.value(depth + 1)]))
    ])()
  }

  // What a Y.Array takes: neither undefined nor a bigint, unless within something.
  scalar () {
    const value = this.value()
    return value === undefined || typeof value === 'bigint' ? [value] : value
  }

  json () {
    return this.pick([() => ({ image: this.words() }), () => ({ a: [1, { b: null }], c: -1.5e-7 }), () => ({ n: this.below(9), s: '"[\\' })])()
  }

  type () {
    return this.pick([
      () => new Y.Text(this.words()), () => new Y.Map([['k', this.value(2)]]), () => Y.Array.from([1, 'two']),
      () => this.element(), () => new Y.XmlText(this.words()), () => new Y.XmlFragment()
    ])()
  }

  element () {
    const element = new Y.XmlElement(this.pick(['p', 'heading', 'überschrift']))
    element.setAttribute('level', this.pick(['1', 2, true]))
    element.insert(0, [new Y.XmlText(this.words())])
    return element
  }

  // Every type of one class that is in the document now, roots included.
  all (...classes) {
    const found = []
    const visit = type => {
      if (classes.some(each => type instanceof each)) found.push(type)
      const inner = [...type._map.values()]
      for (let item = type._start; item; item = item.right) inner.push(item)
      for (const { deleted, content } of inner) if (!deleted && content instanceof Y.ContentType) visit(content.type)
    }
    Object.values(roots(this.doc)).forEach(visit)
    return found
  }

  edits () {
    return {
      text: () => { const text = this.pick(this.all(Y.Text)); text.insert(this.below(text.length + 1), this.words()) },
      typing: () => {
        const text = this.pick(this.all(Y.Text))
        let at = this.below(text.length + 1)
        for (const letter of this.words() + 'typed') text.insert(at++, letter)
      },
      styled: () => { const text = this.pick(this.all(Y.Text)); text.insert(this.below(text.length + 1), this.words(), { bold: true, link: { href: this.words() } }) },
      format: () => { const text = this.pick(this.all(Y.Text)); if (text.length) { const at = this.below(text.length); text.format(at, this.below(text.length - at + 1), { [this.pick(['bold', 'color'])]: this.pick([true, null, 'red', { deep: [1] }]) }) } },
      embed: () => { const text = this.pick(this.all(Y.Text)); text.insertEmbed(this.below(text.length + 1), this.random() < 0.3 ? new Y.Map() : this.json()) },
      erase: () => { const text = this.pick(this.all(Y.Text)); if (text.length) { const at = this.below(text.length); text.delete(at, 1 + this.below(Math.min(6, text.length - at))) } },
      set: () => this.pick(this.all(Y.Map)).set(this.pick(KEYS), this.value()),
      setType: () => this.pick(this.all(Y.Map)).set(this.pick(KEYS), this.type()),
      unset: () => this.pick(this.all(Y.Map)).delete(this.pick(KEYS)),
      array: () => { const array = this.pick(this.all(Y.Array)); array.insert(this.below(array.length + 1), Array.from({ length: 1 + this.below(4) }, () => this.scalar())) },
      arrayType: () => { const array = this.pick(this.all(Y.Array)); array.insert(this.below(array.length + 1), [this.type(), this.scalar()]) },
      remove: () => { const array = this.pick(this.all(Y.Array)); if (array.length) { const at = this.below(array.length); array.delete(at, 1 + this.below(Math.min(4, array.length - at))) } },
      legacy: () => this.insertJson(this.pick(this.all(Y.Array)), [this.json(), undefined, null, 'é', 7].slice(this.below(4))),
      subdoc: () => this.pick(this.all(Y.Map)).set(this.pick(KEYS), new Y.Doc({ guid: `sub-${this.below(1e6)}`, meta: this.pick([null, { note: 'é' }]), autoLoad: this.random() < 0.5 })),
      xml: () => { const parent = this.pick(this.all(Y.XmlFragment)); parent.insert(this.below(parent.length + 1), [this.pick([() => this.element(), () => new Y.XmlText(this.words()), () => new Y.XmlHook('hook')])()]) },
      attribute: () => { const element = this.pick(this.all(Y.XmlElement)); element?.setAttribute(this.pick(['class', 'level']), this.pick([this.words(), 3, { deep: true }])) },
      prune: () => { const parent = this.pick(this.all(Y.XmlFragment)); if (parent.length) parent.delete(this.below(parent.length), 1) },
      undo: () => this.undo.undo(),
      redo: () => this.undo.redo()
    }
  }

  // Values as Yjs before 13.3 wrote them; documents of that time still hold such structs.
  insertJson (array, values) {
    this.doc.transact(transaction => {
      let left = null
      for (let item = array._start; item; item = item.right) left = item
      const id = Y.createID(this.doc.clientID, Y.getState(this.doc.store, this.doc.clientID))
      new Y.Item(id, left, left && left.lastId, null, null, array, null, new Y.ContentJSON(values)).integrate(transaction, 0)
    })
  }
}

/**
 * `people` edit for `steps` steps and exchange updates now and then. Answers the updates in the order in which they
 * were made (so each comes after what it needs), `syncs` (a SyncStep2 to a random peer, at random times), how often
 * each kind of edit was made, and a document that has seen everything.
 */
export const history = ({ seed, people: number = 3, steps = 40, only = null, gc = true }) => {
  const random = randomFrom(seed)
  const ids = new Set()
  while (ids.size < number) ids.add(Math.floor(random() * 2 ** 32))
  const people = [...ids].map((id, index) => new Person(random, id, gc && (index === 0 || random() < 0.8)))
  const updates = []
  const syncs = []
  const kinds = {}
  const heard = people.map(() => 0)
  for (const { doc } of people) doc.on('update', (update, origin) => { if (origin !== 'peer') updates.push(update) })

  const catchUp = index => {
    for (; heard[index] < updates.length; heard[index]++) Y.applyUpdate(people[index].doc, updates[heard[index]], 'peer')
  }
  for (let step = 0; step < steps; step++) {
    const index = Math.floor(random() * number)
    const edits = people[index].edits()
    const kind = people[index].pick(only ?? Object.keys(edits))
    kinds[kind] = (kinds[kind] ?? 0) + 1
    if (random() < 0.3) people[index].doc.transact(() => { edits[kind](); edits[people[index].pick(only ?? ['text', 'set', 'erase'])]() })
    else edits[kind]()
    if (random() < 0.35) catchUp(Math.floor(random() * number))
    if (random() < 0.1) {
      const [one, other] = [people[index].doc, people[(index + 1) % number].doc]
      syncs.push(Y.encodeStateAsUpdate(one, random() < 0.5 ? Y.encodeStateVector(other) : undefined))
    }
  }
  people.forEach((_, index) => catchUp(index))
  for (const { doc } of people) syncs.push(Y.encodeStateAsUpdate(doc))
  return { updates, syncs, kinds, doc: people[0].doc }
}
