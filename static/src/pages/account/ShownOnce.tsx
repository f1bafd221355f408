import type { NewPersonalToken } from '../../api/types'
import { OnceDialog } from '../../ui/OnceDialog'

/** The token's secret: the server keeps only a hash of it. */
export function ShownOnce({ token, onClose }: { token: NewPersonalToken; onClose: () => void }) {
  return (
    <OnceDialog title={`Token “${token.name}”`} label="The token" value={token.token} warning="Copy it now: it is shown this once." onClose={onClose} />
  )
}
