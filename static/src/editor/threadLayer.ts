/** The editor's side of comments: marks the words of each thread, and tells where they are. */

import { Extension } from '@tiptap/core'
import { Plugin, PluginKey, type EditorState, type Transaction } from '@tiptap/pm/state'
import { Decoration, DecorationSet, type EditorView } from '@tiptap/pm/view'
import { ySyncPluginKey } from '@tiptap/y-tiptap'

import { bindingOf, endsOf, spanOf, spanOfWords, type Ends, type Span } from './anchors'

export interface Marked {
  id: string
  start: string
  end: string | null
  /** The text at which it was made. */
  quote: string | null
}

interface Marks {
  marked: readonly Marked[]
  active: string | null
  /** Null while the text is not there yet; a thread without an entry has lost its words. */
  spans: ReadonlyMap<string, Span> | null
  decorations: DecorationSet
}

const KEY = new PluginKey<Marks>('threads')
const NOTHING: Marks = { marked: [], active: null, spans: null, decorations: DecorationSet.empty }
const MAX_QUOTE = 300

export class ThreadLayer {
  /** A thread's words were pressed. */
  onPick: (id: string) => void = () => undefined
  /** The shortcut for a comment was pressed. */
  onAsk: () => void = () => undefined
  private view: EditorView | null = null
  private spans: ReadonlyMap<string, Span> | null = null
  private readonly listeners = new Set<() => void>()

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  readonly snapshot = (): ReadonlyMap<string, Span> | null => this.spans

  /** The editor is mounted: marks can be shown. */
  get isThere(): boolean {
    return this.view !== null
  }

  extension(): Extension {
    return Extension.create({
      name: 'threads',
      addKeyboardShortcuts: () => ({
        'Mod-Alt-m': () => {
          this.onAsk()
          return true
        },
      }),
      addProseMirrorPlugins: () => [this.plugin()],
    })
  }

  /** Mark these, and only these. */
  show(marked: readonly Marked[], active: string | null): void {
    this.view?.dispatch(this.view.state.tr.setMeta(KEY, { marked, active }).setMeta('addToHistory', false))
  }

  /** What is selected: its anchor and its words; null when nothing is. */
  selected(): (Ends & { quote: string }) | null {
    if (!this.view) return null
    const { state } = this.view
    const { from, to } = state.selection
    const ends = endsOf(state, { from, to })
    const quote = state.doc.textBetween(from, to, '\n').trim()
    return ends && quote !== '' ? { ...ends, quote: quote.slice(0, MAX_QUOTE) } : null
  }

  /** The thread in whose words the caret stands. */
  atCaret(): string | null {
    return this.view ? threadAt(this.view.state, this.view.state.selection.from) : null
  }

  /** Where its words begin, in pixels of the window. */
  topOf(id: string): number | null {
    const span = this.spans?.get(id)
    if (!span || !this.view || span.from > this.view.state.doc.content.size) return null
    return this.view.coordsAtPos(span.from).top
  }

  reveal(id: string, behavior: ScrollBehavior = gently()): void {
    const span = this.spans?.get(id)
    if (!span || !this.view) return
    const { node } = this.view.domAtPos(span.from)
    const element = node instanceof Element ? node : node.parentElement
    // On a phone a sheet covers what is below.
    void element?.scrollIntoView({ block: matchMedia('(width < 40rem)').matches ? 'start' : 'center', behavior })
  }

  focus(): void {
    this.view?.focus()
  }

  private plugin(): Plugin<Marks> {
    return new Plugin<Marks>({
      key: KEY,
      state: { init: () => NOTHING, apply: (transaction, marks, _, state) => next(transaction, marks, state) },
      props: {
        decorations: (state) => KEY.getState(state)?.decorations,
        handleClick: (view, position) => {
          const id = threadAt(view.state, position)
          if (id !== null) this.onPick(id)
          return false
        },
      },
      view: (view) => {
        this.view = view
        this.tell()
        return {
          update: (_, before) => KEY.getState(view.state) !== KEY.getState(before) && this.tell(),
          destroy: () => (this.view = null),
        }
      },
    })
  }

  private tell(): void {
    this.spans = (this.view && KEY.getState(this.view.state)?.spans) ?? null
    for (const listener of this.listeners) listener()
  }
}

/** Without a motion for those who do not want any: the style sheet does not reach what a script scrolls. */
const gently = (): ScrollBehavior => (matchMedia('(prefers-reduced-motion: reduce)').matches ? 'instant' : 'smooth')

function next(transaction: Transaction, marks: Marks, state: EditorState): Marks {
  const wish = transaction.getMeta(KEY) as Pick<Marks, 'marked' | 'active'> | undefined
  if (wish) return drawn({ ...marks, ...wish }, state, found(wish.marked, state))
  // What came from others was applied to the shared text first; for one's own edits it follows after.
  if (transaction.getMeta(ySyncPluginKey) !== undefined) return drawn(marks, state, found(marks.marked, state))
  if (!transaction.docChanged) return marks
  return drawn(marks, state, marks.spans && moved(marks.spans, transaction))
}

function found(marked: readonly Marked[], state: EditorState): Map<string, Span> | null {
  if (!bindingOf(state)) return null
  const spans = marked.map(({ id, start, end, quote }) => [id, spanOf(state, start, end) ?? spanOfWords(state.doc, quote)] as const)
  return new Map(spans.filter((each): each is [string, Span] => each[1] !== null))
}

function moved(spans: ReadonlyMap<string, Span>, { mapping }: Transaction): Map<string, Span> {
  const all = [...spans].map(([id, span]) => {
    const from = mapping.map(span.from, 1)
    return [id, span, { ...span, from, to: span.from === span.to ? from : mapping.map(span.to, -1) }] as const
  })
  return new Map(all.filter(([, before, now]) => now.from < now.to || before.from === before.to).map(([id, , now]) => [id, now]))
}

function drawn(marks: Marks, state: EditorState, spans: ReadonlyMap<string, Span> | null): Marks {
  const decorations = [...(spans ?? [])].map(([id, { from, to }]) => {
    const attributes = { class: id === marks.active ? 'thread-mark thread-mark-active' : 'thread-mark', 'data-thread': id }
    return Decoration.inline(from, to, attributes)
  })
  return { ...marks, spans, decorations: DecorationSet.create(state.doc, decorations) }
}

/** The innermost, where threads overlap. */
function threadAt(state: EditorState, position: number): string | null {
  const around = [...(KEY.getState(state)?.spans ?? [])].filter(([, { from, to }]) => from <= position && position <= to)
  return around.sort(([, a], [, b]) => a.to - a.from - (b.to - b.from))[0]?.[0] ?? null
}
