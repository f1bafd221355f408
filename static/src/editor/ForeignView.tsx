import { useEffect, useState } from 'react'
import type { Doc } from 'yjs'

import { Notice } from '../ui/Notice'
import { FIELD } from './field'

/** A document of another application: shown as it is, live, and never changed from here. */
export function ForeignView({ doc, names }: { doc: Doc; names: readonly string[] }) {
  const [text, setText] = useState(() => shown(doc))
  useEffect(() => {
    const onUpdate = () => setText(shown(doc))
    onUpdate()
    doc.on('update', onUpdate)
    return () => doc.off('update', onUpdate)
  }, [doc])
  return (
    <div className="paper">
      <Notice kind="info">
        Another application wrote parts of this document that this editor does not know ({names.join(', ')}). So that
        nothing is lost it is only shown here, as it is stored.
      </Notice>
      <pre className="raw" tabIndex={0} aria-label="Stored content">
        {text}
      </pre>
    </div>
  )
}

const shown = (doc: Doc): string => doc.getXmlFragment(FIELD).toString()
