import { useState } from 'react'

import { useRevokeToken, useTokens } from '../../api/auth'
import type { NewPersonalToken, PersonalToken } from '../../api/types'
import { Button } from '../../ui/Button'
import { Confirm } from '../../ui/Confirm'
import { LoadFailed } from '../../ui/Notice'
import { Skeleton } from '../../ui/Skeleton'
import { When } from '../../ui/When'
import { TOKEN_SCOPES } from '../../ui/words'
import { NewTokenForm } from './NewTokenForm'
import { ShownOnce } from './ShownOnce'

export function Tokens() {
  const tokens = useTokens()
  const [made, setMade] = useState<NewPersonalToken | null>(null)
  const [revoking, setRevoking] = useState<PersonalToken | null>(null)
  return (
    <section aria-labelledby="tokens">
      <h2 id="tokens">Personal tokens</h2>
      <p className="prose soft">A token lets a program act as you, within its scopes.</p>
      {tokens.isPending && <Skeleton rows={2} label="Loading tokens" />}
      {tokens.isError && <LoadFailed error={tokens.error} onRetry={() => void tokens.refetch()} />}
      {tokens.data && tokens.data.length > 0 && (
        <ul className="rows">
          {tokens.data.map((token) => (
            <TokenRow key={token.id} token={token} onRevoke={() => setRevoking(token)} />
          ))}
        </ul>
      )}
      <NewTokenForm onMade={setMade} />
      {made && <ShownOnce token={made} onClose={() => setMade(null)} />}
      {revoking && <Revoke token={revoking} onClose={() => setRevoking(null)} />}
    </section>
  )
}

function TokenRow({ token, onRevoke }: { token: PersonalToken; onRevoke: () => void }) {
  return (
    <li className="row">
      <div className="row-main">
        <p className="row-title">{token.name}</p>
        <p className="soft meta">
          <span>{token.scopes.map((scope) => TOKEN_SCOPES[scope] ?? scope).join(', ')}</span>
          <span>{token.last_used_at ? <>Used <When at={token.last_used_at} /></> : 'Never used'}</span>
          <span>{token.expires_at ? <>Ends <When at={token.expires_at} /></> : 'Never ends'}</span>
        </p>
      </div>
      <Button look="quiet" aria-label={`Revoke ${token.name}`} onClick={onRevoke}>
        Revoke
      </Button>
    </li>
  )
}

function Revoke({ token, onClose }: { token: PersonalToken; onClose: () => void }) {
  const revoke = useRevokeToken()
  return (
    <Confirm
      title={`Revoke “${token.name}”?`}
      action="Revoke"
      busy={revoke.isPending}
      error={revoke.error}
      onConfirm={() => revoke.mutate(token.id, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p>Programs that use it are cut off at once. This cannot be undone.</p>
    </Confirm>
  )
}
