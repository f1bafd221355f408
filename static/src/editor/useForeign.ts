import { getSchema } from '@tiptap/core'
import { ySyncPluginKey } from '@tiptap/y-tiptap'
import type { Editor } from '@tiptap/react'
import { useEffect, useMemo, useState } from 'react'
import type { Doc, Transaction } from 'yjs'

import { foreignNames, foreignNamesIn } from './foreign'
import { schemaExtensions } from './schema'

/** The names of what our editor does not know, from the start or as soon as somebody writes it; null while all is ours. */
export function useForeign(doc: Doc, editor: { current: Editor | null }): string[] | null {
  const schema = useMemo(() => getSchema(schemaExtensions()), [])
  const [names, setNames] = useState(() => [...foreignNames(doc, schema)])
  useEffect(() => {
    const onTransaction = (transaction: Transaction) => {
      if (transaction.local) return
      const found = foreignNamesIn(transaction, schema)
      if (found.size === 0) return
      // Before the binding hears of it: it would delete what it does not know, for everybody.
      detach(editor.current)
      setNames([...found])
    }
    doc.on('beforeObserverCalls', onTransaction)
    return () => doc.off('beforeObserverCalls', onTransaction)
  }, [doc, schema, editor])
  return names.length > 0 ? names : null
}

function detach(editor: Editor | null): void {
  if (!editor || editor.isDestroyed) return
  const state = ySyncPluginKey.getState(editor.state) as { binding?: { destroy: () => void } } | undefined
  state?.binding?.destroy()
}
