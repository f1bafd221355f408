/** The shapes of the REST contract that this app reads. Times are ISO-8601 in UTC. */

export type OrganisationRole = 'admin' | 'data_steward' | 'data_analyst' | 'viewer'
export type WorkspaceRole = 'owner' | 'admin' | 'editor' | 'viewer'
export type WorkspaceType = 'data_analysis' | 'data_governance' | 'compliance' | 'security'
export type DocumentType = 'report' | 'analysis' | 'dashboard' | 'workflow' | 'policy'
export type TokenScope = 'documents:read' | 'documents:write' | 'workspaces:manage' | 'alerts:manage' | 'account'

export interface Me {
  id: string
  email: string | null
  name: string
  role: OrganisationRole
  organisation: { id: string; name: string }
}

export interface Status {
  needs_setup: boolean
  open_mode: boolean
  version: string
}

export interface Member {
  user_id: string
  username: string
  email: string
  role: WorkspaceRole
  joined_at: string
  last_active: string | null
}

export interface SharedDocument {
  id: string
  workspace_id: string
  title: string
  type: DocumentType
  version: number
  author_id: string | null
  created_at: string
  updated_at: string
  last_edited_by: string | null
  deleted_at?: string | null
}

export interface Workspace {
  id: string
  name: string
  description: string
  type: WorkspaceType
  owner_id: string
  members: Member[]
  documents: SharedDocument[]
  created_at: string
  updated_at: string
  last_activity: string
  permissions: { can_edit: boolean; can_comment: boolean; can_invite: boolean; can_manage: boolean }
}

export interface User {
  id: string
  email: string | null
  name: string
  role: OrganisationRole
  active: boolean
  /** Who signs the user in: this server, or an application with its own accounts. */
  managed_by: 'counterpoint' | 'application'
  created_at: string
  last_seen_at: string | null
}

export interface PersonalToken {
  id: string
  name: string
  scopes: TokenScope[]
  created_at: string
  last_used_at: string | null
  expires_at: string | null
}

export interface NewPersonalToken extends PersonalToken {
  /** The secret: told once. */
  token: string
}

export interface Reaction {
  emoji: string
  count: number
  mine: boolean
  /** The first hundred. */
  users: { user_id: string; username: string }[]
}

/** Where a thread stands: as the server found it last, and the relative positions by which it is found now. */
export interface Anchor {
  state: 'attached' | 'orphaned' | 'unknown'
  /** Yjs's encodeRelativePosition in base64; without an `end` it is a point. */
  start: string | null
  end: string | null
  /** The text at which it was made. */
  quote: string | null
}

export interface Comment {
  id: string
  document_id: string
  author_id: string
  author_name: string
  /** Plain text or Markdown; empty once it is deleted. */
  content: string
  /** Null for the comment that begins a thread; that one has the replies. */
  thread_id: string | null
  replies: Comment[]
  created_at: string
  edited_at: string | null
  deleted_at: string | null
  reactions: Reaction[]
  anchor: Anchor | null
  resolved_at: string | null
  resolved_by: string | null
}

export type InvitationStatus = 'pending' | 'accepted' | 'revoked' | 'expired' | 'void'

export interface Invitation {
  id: string
  workspace_id: string
  email: string
  role: WorkspaceRole
  status: InvitationStatus
  message: string
  inviter_name: string
  created_at: string
  sent_at: string
  expires_at: string
}

export interface SentInvitation extends Invitation {
  /** Told once, to be handed on; null when it was sent by mail. */
  accept_url: string | null
}

export interface ReceivedInvitation {
  id: string
  workspace_id: string
  workspace_name: string
  email: string
  role: WorkspaceRole
  status: InvitationStatus
  message: string
  inviter_name: string
  expires_at: string
}

export interface ActivityItem {
  id: string
  /** Such as counterpoint.comment.added.v1. */
  type: string
  /** `id` is null where nobody in person has done it. */
  actor: { id: string | null; kind: string; name: string }
  at: string
  target: { type: string; id: string }
  /** A line of plain text. */
  summary: string
  seq: number
}

export interface Activity {
  items: ActivityItem[]
  /** Of everything that was asked for; with the first page. */
  stats: {
    by_day: { day: string; count: number }[]
    by_user: { user_id: string | null; name: string | null; count: number }[]
    by_type: { type: string; count: number }[]
  } | null
  next_cursor: string | null
}

/** Where the channel of an answer was before it was read: its events are followed from there. */
export interface StreamPlace {
  channel: string
  epoch: string
  offset: number
}

export interface Page<T> {
  data: T[]
  next_cursor?: string | null
  stream?: StreamPlace | null
}
