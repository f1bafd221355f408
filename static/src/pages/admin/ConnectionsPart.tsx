import { useState } from 'react'
import type { UseMutationResult } from '@tanstack/react-query'

import { useCloseConnection, useConnections, useDisconnect, type ConnectionFilter } from '../../api/admin'
import type { AdminConnection } from '../../api/schema'
import { Button } from '../../ui/Button'
import { Dialog } from '../../ui/Dialog'
import { TextField } from '../../ui/Field'
import { FormError } from '../../ui/Notice'
import { When } from '../../ui/When'
import { Part, Unknown } from './Part'
import { bytesText, CONNECTION_KINDS, counted } from './words'

interface Props {
  filter: ConnectionFilter | null
  onFilter: (filter: ConnectionFilter | null) => void
}

export function ConnectionsPart({ filter, onFilter }: Props) {
  const connections = useConnections(filter)
  const { data } = connections
  const more = data && data.total > data.connections.length ? `, the first ${data.connections.length} shown` : ''
  return (
    <Part title="Connections" query={connections} about={data && `${data.total}${more}`}>
      {filter && (
        <div className="actions actions-beside">
          <span>Only those of {filter.name}.</span>
          <Button look="quiet" onClick={() => onFilter(null)}>
            Show all
          </Button>
        </div>
      )}
      {data && <Unknown nodes={data.unknown} />}
      {data?.total === 0 && <p className="soft">There is none.</p>}
      {data && data.connections.length > 0 && (
        <ul className="rows" aria-label="Connections">
          {data.connections.map((each) => (
            <ConnectionRow key={each.id} connection={each} onFilter={onFilter} />
          ))}
        </ul>
      )}
    </Part>
  )
}

type Doing = 'close' | 'disconnect' | null

function ConnectionRow({ connection, onFilter }: { connection: AdminConnection; onFilter: Props['onFilter'] }) {
  const [doing, setDoing] = useState<Doing>(null)
  const { user_id: user, id } = connection
  const name = connection.user_name ?? user ?? 'somebody who has not signed in'
  const what = `${CONNECTION_KINDS[connection.kind]} of ${name}, ${id.split('-').pop()} on ${connection.node}`
  return (
    <li className="row">
      <div className="row-main">
        <span className="row-title">
          {name}
          <span className="tag">{CONNECTION_KINDS[connection.kind]}</span>
          {connection.is_stalled && <span className="tag">Reads too slowly</span>}
        </span>
        <p className="soft meta">
          <span>{connection.protocol}</span>
          <span>
            from {connection.address}, at {connection.node}
          </span>
          <span>
            since <When at={connection.since} />
          </span>
          {connection.document_count > 0 && <span>{counted(connection.document_count, 'document')}</span>}
          <span>
            in {counted(connection.messages_in, 'message')}, {bytesText(connection.bytes_in)}
          </span>
          <span>
            out {counted(connection.messages_out, 'message')}, {bytesText(connection.bytes_out)}
          </span>
          {connection.waiting_bytes > 0 && <span>{bytesText(connection.waiting_bytes)} waiting</span>}
        </p>
      </div>
      <div className="row-actions">
        <Button look="quiet" aria-label={`Close: ${what}`} onClick={() => setDoing('close')}>
          Close
        </Button>
        {user && (
          <>
            <Button look="quiet" aria-label={`Only theirs: ${name}`} onClick={() => onFilter({ user, name })}>
              Only theirs
            </Button>
            <Button look="quiet" aria-label={`Disconnect ${name}`} onClick={() => setDoing('disconnect')}>
              Disconnect
            </Button>
          </>
        )}
      </div>
      {doing === 'close' && <CloseOne connection={connection} name={name} onClose={() => setDoing(null)} />}
      {doing === 'disconnect' && user && <Disconnect user={user} name={name} onClose={() => setDoing(null)} />}
    </li>
  )
}

function CloseOne({ connection, name, onClose }: { connection: AdminConnection; name: string; onClose: () => void }) {
  return (
    <Why title={`Close this connection of ${name}?`} action="Close it" change={useCloseConnection(connection.id)} onClose={onClose}>
      {CONNECTION_KINDS[connection.kind]} at {connection.node}. The client may come back at once.
    </Why>
  )
}

function Disconnect({ user, name, onClose }: { user: string; name: string; onClose: () => void }) {
  return (
    <Why title={`Disconnect ${name}?`} action="Disconnect" change={useDisconnect(user)} onClose={onClose}>
      All connections of {name} are closed, on every node. To keep somebody out, deactivate the account or take the role away.
    </Why>
  )
}

interface WhyProps {
  title: string
  action: string
  change: UseMutationResult<unknown, Error, string>
  onClose: () => void
  children: React.ReactNode
}

/** Ask before it, and for the reason that its user is told. */
function Why({ title, action, change, onClose, children }: WhyProps) {
  const [reason, setReason] = useState('')
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          change.mutate(reason.trim(), { onSuccess: onClose })
        }}
      >
        <p>{children}</p>
        <TextField
          label="Reason"
          hint="They are told. Without one they read that an administrator has closed the connection."
          maxLength={100}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        <FormError error={change.error} />
        <div className="actions">
          <Button onClick={onClose} autoFocus>
            Cancel
          </Button>
          <Button look="danger" type="submit" busy={change.isPending}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
