import { useEffect, useState } from 'react'
import type { Doc } from 'yjs'

import { FIELD } from '../../editor/field'
import { Notice } from '../../ui/Notice'

/** A document may hold what other applications wrote beside our text; the reader is told, and it is left alone. */
export function OtherRoots({ doc }: { doc: Doc }) {
  const [names, setNames] = useState(() => otherRoots(doc))
  useEffect(() => {
    const onUpdate = () => {
      const found = otherRoots(doc)
      setNames((before) => (before.join() === found.join() ? before : found))
    }
    doc.on('update', onUpdate)
    return () => doc.off('update', onUpdate)
  }, [doc])
  if (names.length === 0) return null
  return (
    <div className="beside">
      <Notice kind="info">
        Another application keeps something in this document that is not shown here: {names.join(', ')}. It stays as it is.
      </Notice>
    </div>
  )
}

function otherRoots(doc: Doc): string[] {
  const roots = [...doc.share].filter(([name, type]) => name !== FIELD && (type._start !== null || type._map.size > 0))
  return roots.map(([name]) => name).sort()
}
