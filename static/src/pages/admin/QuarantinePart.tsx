import { useState } from 'react'

import { useQuarantine, useRelease } from '../../api/admin'
import type { AdminQuarantined } from '../../api/schema'
import { Button } from '../../ui/Button'
import { Confirm } from '../../ui/Confirm'
import { Icon } from '../../ui/Icon'
import { When } from '../../ui/When'
import { Part } from './Part'
import { bytesText } from './words'

export function QuarantinePart() {
  const quarantine = useQuarantine()
  const { data } = quarantine
  return (
    <Part title="Quarantine" query={quarantine} about={data && `${data.total}`}>
      {data?.total === 0 && <p className="soft">Everything that was written can be read.</p>}
      {data && data.rows.length > 0 && (
        <ul className="rows" aria-label="Quarantine">
          {data.rows.map((row) => (
            <QuarantinedRow key={`${row.document_id}/${row.position}`} row={row} />
          ))}
        </ul>
      )}
    </Part>
  )
}

function QuarantinedRow({ row }: { row: AdminQuarantined }) {
  const [isAsking, setAsking] = useState(false)
  const release = useRelease(row.document_id, row.position)
  const name = `row ${row.position} of ${row.title ?? row.document_id}`
  return (
    <li className="row">
      <div className="row-main">
        <span className="row-title">
          {row.title ?? row.document_id}
          <span className="tag">Row {row.position}</span>
        </span>
        <p className="soft meta">
          <span>{row.reason}</span>
          <span>
            found <When at={row.found_at} />
          </span>
          <span>{row.size_bytes === null ? 'Size unknown: it is gone' : bytesText(row.size_bytes)}</span>
          <span>{row.writer ? `written by ${row.writer}` : 'writer unknown'}</span>
        </p>
      </div>
      <div className="row-actions">
        {row.title !== null && row.size_bytes !== null && (
          <a className="button button-quiet" href={`/admin/quarantine/${row.document_id}/${row.position}`} download aria-label={`Download ${name}`}>
            <Icon name="download" />
            Download
          </a>
        )}
        <Button look="quiet" aria-label={`Read again: ${name}`} onClick={() => setAsking(true)}>
          Read again
        </Button>
      </div>
      {isAsking && (
        <Confirm
          title={`Read ${name} again?`}
          action="Read it again"
          busy={release.isPending}
          error={release.error}
          onConfirm={() => release.mutate(undefined, { onSuccess: () => setAsking(false) })}
          onClose={() => setAsking(false)}
        >
          <p>The server reads the document with it within a minute. If it still ends the process that reads it, it comes back here.</p>
        </Confirm>
      )}
    </li>
  )
}
