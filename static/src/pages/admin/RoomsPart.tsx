import { useState } from 'react'
import { Link } from 'wouter'

import { useRooms, useSnapshot, type ConnectionFilter } from '../../api/admin'
import type { AdminRoom } from '../../api/schema'
import { Button } from '../../ui/Button'
import { Confirm } from '../../ui/Confirm'
import { useToast } from '../../ui/Toasts'
import { Part, Unknown } from './Part'
import { behindText, bytesText, counted } from './words'

export function RoomsPart({ onFilter }: { onFilter: (filter: ConnectionFilter) => void }) {
  const rooms = useRooms()
  const { data } = rooms
  return (
    <Part title="Open documents" query={rooms} about={data && `${data.total}`}>
      {data && <Unknown nodes={data.unknown} />}
      {data?.total === 0 && <p className="soft">No document is open.</p>}
      {data && data.rooms.length > 0 && (
        <ul className="rows" aria-label="Open documents">
          {data.rooms.map((room) => (
            <RoomRow key={room.document_id} room={room} onFilter={onFilter} />
          ))}
        </ul>
      )}
    </Part>
  )
}

function RoomRow({ room, onFilter }: { room: AdminRoom; onFilter: (filter: ConnectionFilter) => void }) {
  const name = room.title ?? room.document_id
  return (
    <li className="row">
      <div className="row-main">
        <Link href={`/documents/${room.document_id}`} className="row-title">
          {name}
          {!room.is_saved && <span className="tag">Being saved</span>}
          {room.is_folding && <span className="tag">Making a snapshot</span>}
        </Link>
        <p className="soft meta">
          <span>
            {counted(room.peers, 'connection')} of {counted(room.users, 'person').replace('persons', 'people')}
          </span>
          {room.people.length > 0 && <span>{room.people.map((each) => each.name ?? each.user_id).join(', ')}</span>}
          <span>{bytesText(room.size_bytes)}</span>
          <span>
            row {room.position}, snapshot {room.snapshot_position > 0 ? `at ${room.snapshot_position}` : 'none yet'}
          </span>
          <span>{room.nodes.map(behindText).join(', ')}</span>
        </p>
      </div>
      <div className="row-actions">
        <Button
          look="quiet"
          aria-label={`Connections with ${name} open`}
          onClick={() => onFilter({ document: room.document_id, name })}
        >
          Connections
        </Button>
        <Snapshot room={room} name={name} />
      </div>
    </li>
  )
}

function Snapshot({ room, name }: { room: AdminRoom; name: string }) {
  const [isAsking, setAsking] = useState(false)
  const snapshot = useSnapshot(room.document_id)
  const say = useToast()
  const make = () =>
    snapshot.mutate(undefined, {
      onSuccess: (made) => {
        setAsking(false)
        say(made.is_done ? `The snapshot of ${name} is at row ${made.position}.` : `The snapshot of ${name} is being made.`)
      },
    })
  return (
    <>
      <Button look="quiet" aria-label={`Snapshot of ${name}`} disabled={room.is_folding} onClick={() => setAsking(true)}>
        Snapshot
      </Button>
      {isAsking && (
        <Confirm
          title={`Make a snapshot of ${name} now?`}
          action="Make it"
          busy={snapshot.isPending}
          error={snapshot.error}
          onConfirm={make}
          onClose={() => setAsking(false)}
        >
          <p>Its log is folded up to the row of now, so that it opens faster. Nobody waits for it, and nothing is lost by it.</p>
        </Confirm>
      )}
    </>
  )
}
