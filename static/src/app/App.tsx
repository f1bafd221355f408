/** Which page an address shows. */

import { lazy, Suspense, type ReactNode } from 'react'
import { Redirect, Route, Switch, useLocation } from 'wouter'

import type { Me } from '../api/types'
import { LiveProvider } from '../live/context'
import { ActivityPage } from '../pages/activity/ActivityPage'
import { AccountPage } from '../pages/account/AccountPage'
import { AlertPage } from '../pages/alerts/AlertPage'
import { AlertsPage } from '../pages/alerts/AlertsPage'
import { InboxPage } from '../pages/inbox/InboxPage'
import { SettingsPage } from '../pages/inbox/SettingsPage'
import { InvitationPage } from '../pages/invitation/InvitationPage'
import { SetUpPage } from '../pages/setup/SetUpPage'
import { SourcesPage } from '../pages/sources/SourcesPage'
import { SignInPage } from '../pages/signin/SignIn'
import { UsersPage } from '../pages/users/UsersPage'
import { ServerPage } from '../pages/admin/ServerPage'
import { WebhookPage } from '../pages/webhooks/WebhookPage'
import { WebhooksPage } from '../pages/webhooks/WebhooksPage'
import { WorkspacePage } from '../pages/workspace/WorkspacePage'
import { WorkspacesPage } from '../pages/workspaces/WorkspacesPage'
import { Skeleton } from '../ui/Skeleton'
import { Doorway } from './Doorway'
import { ErrorBoundary } from './ErrorBoundary'
import { NotFound } from './NotFound'
import { OfflineBanner } from './OfflineBanner'
import { Shell } from './Shell'
import { Shortcuts } from './Shortcuts'
import { useArrival } from './useArrival'

// The editor is most of the code: it is loaded when a document is opened.
// Charts come with the first source that is looked at.
const SourcePage = lazy(() => import('../pages/sources/SourcePage').then((page) => ({ default: page.SourcePage })))
const DocumentPage = lazy(() => import('../pages/document/DocumentPage'))

export function App() {
  const [path] = useLocation()
  useArrival(path)
  return (
    <LiveProvider>
      <a href="#content" className="skip-link">
        Skip to the content
      </a>
      <OfflineBanner />
      <Shortcuts />
      <ErrorBoundary what="This page" resetKey={path}>
        <Switch>
          <Route path="/signin" component={SignInPage} />
          <Route path="/setup" component={SetUpPage} />
          <Route path="/invitation" component={InvitationPage} />
          <Route path="/documents/:id">
            {({ id }) => <Doorway stays>{(me) => <Editor key={id} me={me} id={id} />}</Doorway>}
          </Route>
          <Route>
            <Doorway>{(me) => <Inside me={me} />}</Doorway>
          </Route>
        </Switch>
      </ErrorBoundary>
    </LiveProvider>
  )
}

function Editor({ me, id }: { me: Me; id: string }): ReactNode {
  return (
    <Suspense
      fallback={
        <div className="page">
          <Skeleton rows={8} label="Loading the editor" />
        </div>
      }
    >
      <DocumentPage me={me} id={id} />
    </Suspense>
  )
}

function Source({ id }: { id: number }): ReactNode {
  return (
    <Suspense
      fallback={
        <div className="page">
          <Skeleton rows={6} label="Loading the data source" />
        </div>
      }
    >
      <SourcePage id={id} />
    </Suspense>
  )
}

function Inside({ me }: { me: Me }) {
  return (
    <Shell me={me}>
      <Switch>
        <Route path="/">
          <Redirect to="/workspaces" replace />
        </Route>
        <Route path="/workspaces">
          <WorkspacesPage />
        </Route>
        <Route path="/workspaces/:id">{({ id }) => <WorkspacePage key={id} me={me} id={id} />}</Route>
        <Route path="/workspaces/:id/activity">{({ id }) => <ActivityPage key={id} id={id} />}</Route>
        <Route path="/inbox">
          <InboxPage me={me} />
        </Route>
        <Route path="/inbox/settings">
          <SettingsPage />
        </Route>
        <Route path="/sources">
          <SourcesPage />
        </Route>
        <Route path="/sources/:id">{({ id }) => <Source key={id} id={Number(id)} />}</Route>
        <Route path="/alerts">
          <AlertsPage />
        </Route>
        <Route path="/alerts/:id">{({ id }) => <AlertPage key={id} id={Number(id)} />}</Route>
        <Route path="/settings/server">
          <ServerPage />
        </Route>
        <Route path="/settings/webhooks">
          <WebhooksPage />
        </Route>
        <Route path="/settings/webhooks/:id">{({ id }) => <WebhookPage key={id} id={id} />}</Route>
        <Route path="/account">
          <AccountPage me={me} />
        </Route>
        <Route path="/users">
          <UsersPage me={me} />
        </Route>
        <Route>
          <NotFound />
        </Route>
      </Switch>
    </Shell>
  )
}
