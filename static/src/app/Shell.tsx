/** The frame around every page of somebody who is signed in. */

import type { ReactNode } from 'react'
import { Link, useRoute } from 'wouter'

import { usePermissions } from '../api/auth'
import type { Me, Permission } from '../api/types'
import { ConnectionMark } from '../live/ConnectionMark'
import { Avatar } from '../ui/Avatar'
import { Icon } from '../ui/Icon'
import { InboxLink } from './InboxLink'
import { showShortcuts } from './Shortcuts'
import { SignOut } from './SignOut'
import { ThemeButton } from './ThemeButton'

export function Shell({ me, children }: { me: Me; children: ReactNode }) {
  const permissions = usePermissions()
  const may = (permission: Permission) => permissions.data?.permissions.includes(permission) ?? false
  return (
    <div className="shell">
      <header className="topbar">
        <Link href="/workspaces" className="brand">
          <img src="/favicon.svg" alt="" width="24" height="24" />
          <span>Counterpoint</span>
        </Link>
        <nav aria-label="Main" className="topnav">
          <NavLink href="/workspaces">Workspaces</NavLink>
          {may('performance.view') && <NavLink href="/sources">Sources</NavLink>}
          {may('alerts.view') && <NavLink href="/alerts">Alerts</NavLink>}
          {may('users.manage') && <NavLink href="/users">People</NavLink>}
          {may('webhooks.manage') && <NavLink href="/settings/webhooks">Webhooks</NavLink>}
          {may('server.view') && <NavLink href="/settings/server">Server</NavLink>}
        </nav>
        <div className="topbar-end">
          <button type="button" className="icon-button wide-only" aria-label="Keyboard shortcuts" title="Keyboard shortcuts (?)" onClick={showShortcuts}>
            <Icon name="keyboard" />
          </button>
          <InboxLink />
          <ThemeButton />
          <Link href="/account" className="me" title={me.email ?? me.name}>
            <Avatar id={me.id} name={me.name} />
            <span className="visually-hidden">Account of {me.name}</span>
          </Link>
          <SignOut me={me} />
        </div>
      </header>
      <ConnectionMark />
      <main id="content" tabIndex={-1}>
        {children}
      </main>
    </div>
  )
}

function NavLink({ href, children }: { href: string; children: ReactNode }) {
  const [isHere] = useRoute(`${href}/*?`)
  return (
    <Link href={href} aria-current={isHere ? 'page' : undefined}>
      {children}
    </Link>
  )
}
