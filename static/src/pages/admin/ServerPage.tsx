import { useState } from 'react'

import { useNodes, useServerHealth, type ConnectionFilter } from '../../api/admin'
import { useTitle } from '../../ui/useTitle'
import { When } from '../../ui/When'
import { ConnectionsPart } from './ConnectionsPart'
import { Part } from './Part'
import { QuarantinePart } from './QuarantinePart'
import { RoomsPart } from './RoomsPart'
import { counted, healthText } from './words'

/** What the server is like now, asked for again every few seconds, and what can be done about it. */
export function ServerPage() {
  useTitle('Server')
  const [filter, setFilter] = useState<ConnectionFilter | null>(null)
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>Server</h1>
          <p className="soft">How the nodes are, which documents are open, and who is connected. It changes while you look.</p>
        </div>
      </header>
      <HealthPart />
      <NodesPart />
      <RoomsPart onFilter={setFilter} />
      <ConnectionsPart filter={filter} onFilter={setFilter} />
      <QuarantinePart />
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
                <span className="tag">{healthText(check)}</span>
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
