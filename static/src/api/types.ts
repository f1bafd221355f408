/** What the server tells, by the names of this app: the shapes are the server's own description (`make client`). */

import type * as schema from './schema'

export type {
  Activity,
  ActivityItem,
  Branch,
  Group,
  Invitation,
  OrganisationRole,
  Permission,
  Push,
  PushDevice,
  Reaction,
  ReceivedInvitation,
  SentInvitation,
  Session,
  SharedDocument,
  StreamPlace,
  User,
  Webhook,
  WebhookWithSecret,
  Workspace,
} from './schema'

/** Of these the app reads a part: what events tell of them, so that a list can follow its channel. */
export type Member = Omit<schema.Member, 'permissions'>
export type Anchor = Pick<schema.Anchor, 'state' | 'start' | 'end' | 'quote'>
export interface Comment extends Omit<schema.Comment, 'position' | 'updated_at' | 'mentions' | 'anchor' | 'replies'> {
  anchor: Anchor | null
  replies: Comment[]
}

export type Me = schema.User
export type Status = schema.StatusReply
export type TokenScope = schema.Scope
export type PersonalToken = schema.Token
export type NewPersonalToken = schema.TokenReply
export type Delivery = schema.WebhookDelivery
export type Attempt = schema.DeliveryAttempt
export type InboxItem = schema.NotificationState
export type Severity = InboxItem['severity']
export type Counts = schema.CountsState
export type WorkspaceRole = schema.Member['role']
export type WorkspaceType = schema.Workspace['type']
export type DocumentType = schema.SharedDocument['type']
export type InvitationStatus = schema.Invitation['status']

/** Models that are asked with too may leave out what has a default; in an answer all of it is there. */
type Whole<T> = T extends object ? { [K in keyof T]-?: Whole<Exclude<T[K], undefined>> } : T

export type Preferences = Whole<schema.Preferences>
export type SubscriptionLevel = Whole<schema.Subscription>['level']

export type Page<T> = Omit<schema.EnvelopeListComment, 'data'> & { data: T[] }
