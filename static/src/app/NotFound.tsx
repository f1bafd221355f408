import { Link } from 'wouter'

import { useTitle } from '../ui/useTitle'

export function NotFound({ what = 'page' }: { what?: string }) {
  useTitle('Not found')
  return (
    <div className="page page-narrow">
      <h1>There is no such {what}</h1>
      <p className="prose">It may have been deleted, or you have no access to it. Ask whoever sent you the address.</p>
      <p>
        <Link href="/workspaces" className="button button-main">
          To your workspaces
        </Link>
      </p>
    </div>
  )
}
