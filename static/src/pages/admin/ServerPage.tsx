import type { ReactNode } from 'react'
import { Link } from 'wouter'

import { useNodes, useRooms, useServerHealth } from '../../api/admin'
import { LoadFailed } from '../../ui/Notice'
import { Skeleton } from '../../ui/Skeleton'
import { useTitle } from '../../ui/useTitle'
import { When } from '../../ui/When'
import { bytesText, counted } from './words'

/** What the server is like now: health, nodes and open rooms, asked for again every few seconds. */
export function ServerPage() {
  useTitle('Server')
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>Server</h1>
          <p className="soft">How the nodes are, and which documents are open. It changes while you look.</p>
        </div>
      </header>
      <HealthPart />
      <NodesPart />
      <RoomsPart />
    </div>
  )
}

const NAMES: Record<string, string> = { store: 'Store', log: 'Saving', loop: 'Event loop', broker: 'Broker' }

function HealthPart() {
  const health = useServerHealth()
  return (
    <Part title="Health" query={health} about={health.data && `of ${health.data.node}`}>
      <ul className="rows" aria-label="Health">
        {health.data?.checks.map((check) => (
          <li key={check.name} className="row">
            <div className="row-main">
              <span className="row-title">
                {NAMES[check.name] ?? check.name}
                <span className="tag">{check.ok ? 'Well' : 'Not well'}</span>
              </span>
              {(check.reason ?? check.note) && <p className="soft meta">{check.reason ?? check.note}</p>}
            </div>
          </li>
        ))}
      </ul>
    </Part>
  )
}

function NodesPart() {
  const nodes = useNodes()
  return (
    <Part title="Nodes" query={nodes}>
      <ul className="rows" aria-label="Nodes">
        {nodes.data?.map((node) => (
          <li key={node.id} className="row">
            <div className="row-main">
              <span className="row-title">
                {node.name}
                {node.is_this && <span className="tag">Answers you</span>}
              </span>
              <p className="soft meta">
                <span>{node.version}</span>
                <span>
                  Started <When at={node.started_at} />
                </span>
                <span>{node.figures ? figuresText(node.figures) : `Unknown: ${node.unknown}`}</span>
              </p>
            </div>
          </li>
        ))}
      </ul>
    </Part>
  )
}

const figuresText = (figures: Record<string, number>): string =>
  Object.entries(figures)
    .map(([name, count]) => counted(count, name.replace(/s$/, '')))
    .join(', ')

function RoomsPart() {
  const rooms = useRooms()
  const { data } = rooms
  return (
    <Part title="Open documents" query={rooms} about={data && `${data.total}`}>
      {data?.total === 0 && <p className="soft">No document is open.</p>}
      <ul className="rows" aria-label="Open documents">
        {data?.rooms.map((room) => (
          <li key={room.document_id} className="row">
            <div className="row-main">
              <Link href={`/documents/${room.document_id}`} className="row-title">
                {room.title ?? room.document_id}
                {!room.is_saved && <span className="tag">Being saved</span>}
              </Link>
              <p className="soft meta">
                <span>
                  {counted(room.peers, 'connection')} of {counted(room.users, 'person').replace('persons', 'people')}
                </span>
                <span>{bytesText(room.size_bytes)}</span>
                <span>Row {room.position}</span>
                {room.behind_rows > 0 && <span>{counted(room.behind_rows, 'row')} behind</span>}
              </p>
            </div>
          </li>
        ))}
      </ul>
    </Part>
  )
}

interface PartProps {
  title: string
  about?: string | undefined
  query: { isPending: boolean; isError: boolean; error: unknown; data?: unknown; refetch: () => unknown }
  children: ReactNode
}

/** What was loaded stays when the next look fails; the failure is told above it. */
function Part({ title, about, query, children }: PartProps) {
  return (
    <section>
      <h2>
        {title} {about && <span className="soft">{about}</span>}
      </h2>
      {query.isPending && <Skeleton rows={2} label={`Loading ${title.toLowerCase()}`} />}
      {query.isError && <LoadFailed error={query.error} onRetry={() => void query.refetch()} />}
      {query.data !== undefined && children}
    </section>
  )
}
