import type { DataSource } from '../../api/schema'
import { SOURCE_STATES } from './words'

const LOOKS: Partial<Record<DataSource['status'], string>> = { active: 'good', error: 'bad' }

/** Whether the source answers, in words and colour. */
export function StateMark({ source }: { source: Pick<DataSource, 'status'> }) {
  return <span className={`mark mark-${LOOKS[source.status] ?? 'quiet'}`}>{SOURCE_STATES[source.status]}</span>
}
