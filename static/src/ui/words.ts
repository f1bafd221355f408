/** The contract's words for people. */

import type { DocumentType, OrganisationRole, TokenScope, WorkspaceRole, WorkspaceType } from '../api/types'

export const WORKSPACE_TYPES: Record<WorkspaceType, string> = {
  data_analysis: 'Data analysis',
  data_governance: 'Data governance',
  compliance: 'Compliance',
  security: 'Security',
}

export const DOCUMENT_TYPES: Record<DocumentType, string> = {
  report: 'Report',
  analysis: 'Analysis',
  dashboard: 'Dashboard',
  workflow: 'Workflow',
  policy: 'Policy',
}

export const WORKSPACE_ROLES: Record<WorkspaceRole, string> = {
  viewer: 'Viewer',
  editor: 'Editor',
  admin: 'Admin',
  owner: 'Owner',
}

/** With the article, as in "invited as an editor". */
export const AS_ROLE: Record<WorkspaceRole, string> = {
  viewer: 'a viewer',
  editor: 'an editor',
  admin: 'an admin',
  owner: 'an owner',
}

export const ORGANISATION_ROLES: Record<OrganisationRole, string> = {
  admin: 'Administrator',
  data_steward: 'Data steward',
  data_analyst: 'Data analyst',
  viewer: 'Viewer',
}

export const TOKEN_SCOPES: Record<TokenScope, string> = {
  'documents:read': 'Read documents',
  'documents:write': 'Edit documents',
  'workspaces:manage': 'Manage workspaces',
  'alerts:manage': 'Raise and answer alarms',
  'metrics:read': 'Read data sources and their figures',
  'sources:manage': 'Manage data sources',
  account: 'Manage my account',
}
