"""Roles, permissions and token scopes: three small tables, and the rules that combine them."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from crdt.room import Right

__all__ = [
    "ROLE_PERMISSIONS",
    "SCOPE_PERMISSIONS",
    "SERVER_PERMISSIONS",
    "OrganisationRole",
    "Permission",
    "Scope",
    "WorkspaceRole",
    "document_right",
    "permissions_of",
]


class OrganisationRole(StrEnum):
    """What somebody is in an organisation."""

    ADMIN = "admin"
    DATA_STEWARD = "data_steward"
    DATA_ANALYST = "data_analyst"
    VIEWER = "viewer"


class WorkspaceRole(StrEnum):
    """What somebody is in one workspace."""

    OWNER = "owner"
    ADMIN = "admin"
    EDITOR = "editor"
    VIEWER = "viewer"

    def at_least(self, least: "WorkspaceRole") -> bool:
        return WORKSPACE_RANKS[self] >= WORKSPACE_RANKS[least]


WORKSPACE_RANKS: Mapping[WorkspaceRole, int] = MappingProxyType(
    {WorkspaceRole.VIEWER: 1, WorkspaceRole.EDITOR: 2, WorkspaceRole.ADMIN: 3, WorkspaceRole.OWNER: 4}
)


class Permission(StrEnum):
    """What a role allows in the whole organisation; the names are those of the REST contract (section 2)."""

    COLLABORATION_VIEW = "collaboration.view"
    COLLABORATION_MANAGE = "collaboration.manage"
    WORKSPACE_CREATE = "workspace.create"
    WORKSPACE_EDIT = "workspace.edit"
    WORKFLOW_VIEW = "workflow.view"
    WORKFLOW_CREATE = "workflow.create"
    WORKFLOW_MANAGE = "workflow.manage"
    WORKFLOW_EXECUTE = "workflow.execute"
    PERFORMANCE_VIEW = "performance.view"
    PERFORMANCE_MANAGE = "performance.manage"
    ALERTS_VIEW = "alerts.view"
    ALERTS_MANAGE = "alerts.manage"
    SECURITY_VIEW = "security.view"
    SECURITY_MANAGE = "security.manage"
    AUDIT_VIEW = "audit.view"
    USERS_MANAGE = "users.manage"
    WEBHOOKS_MANAGE = "webhooks.manage"
    ESCALATIONS_MANAGE = "escalations.manage"
    SERVER_VIEW = "server.view"
    SERVER_MANAGE = "server.manage"
    ACCOUNT_VIEW = "account.view"
    ACCOUNT_MANAGE = "account.manage"


class Scope(StrEnum):
    """What a personal token can be limited to."""

    DOCUMENTS_READ = "documents:read"
    DOCUMENTS_WRITE = "documents:write"
    WORKSPACES_MANAGE = "workspaces:manage"
    ALERTS_MANAGE = "alerts:manage"
    METRICS_READ = "metrics:read"
    SOURCES_MANAGE = "sources:manage"
    ACCOUNT = "account"


P = Permission
VIEWER = frozenset(
    {P.COLLABORATION_VIEW, P.WORKFLOW_VIEW, P.PERFORMANCE_VIEW, P.ALERTS_VIEW, P.ACCOUNT_VIEW, P.ACCOUNT_MANAGE}
)
ANALYST = VIEWER | {
    P.COLLABORATION_MANAGE,
    P.WORKSPACE_CREATE,
    P.WORKSPACE_EDIT,
    P.WORKFLOW_CREATE,
    P.WORKFLOW_EXECUTE,
    P.SECURITY_VIEW,
}
STEWARD = ANALYST | {P.WORKFLOW_MANAGE, P.PERFORMANCE_MANAGE, P.ALERTS_MANAGE, P.SECURITY_MANAGE, P.AUDIT_VIEW}

ROLE_PERMISSIONS: Mapping[OrganisationRole, frozenset[Permission]] = MappingProxyType(
    {
        OrganisationRole.ADMIN: frozenset(Permission),
        OrganisationRole.DATA_STEWARD: STEWARD,
        OrganisationRole.DATA_ANALYST: ANALYST,
        OrganisationRole.VIEWER: VIEWER,
    }
)

# Every token may ask who it is: a client that cannot is a riddle to its user.
SCOPE_PERMISSIONS: Mapping[Scope, frozenset[Permission]] = MappingProxyType(
    {
        Scope.DOCUMENTS_READ: frozenset({P.ACCOUNT_VIEW, P.COLLABORATION_VIEW}),
        Scope.DOCUMENTS_WRITE: frozenset({P.ACCOUNT_VIEW, P.COLLABORATION_VIEW, P.COLLABORATION_MANAGE}),
        Scope.WORKSPACES_MANAGE: frozenset(
            {P.ACCOUNT_VIEW, P.COLLABORATION_VIEW, P.WORKSPACE_CREATE, P.WORKSPACE_EDIT}
        ),
        Scope.ALERTS_MANAGE: frozenset({P.ACCOUNT_VIEW, P.ALERTS_VIEW, P.ALERTS_MANAGE, P.SECURITY_VIEW}),
        Scope.METRICS_READ: frozenset({P.ACCOUNT_VIEW, P.PERFORMANCE_VIEW}),
        Scope.SOURCES_MANAGE: frozenset({P.ACCOUNT_VIEW, P.PERFORMANCE_VIEW, P.PERFORMANCE_MANAGE}),
        Scope.ACCOUNT: frozenset({P.ACCOUNT_VIEW, P.ACCOUNT_MANAGE}),
    }
)

SERVER_PERMISSIONS = frozenset({P.SERVER_VIEW, P.SERVER_MANAGE})
"""They count in the organisation that runs the server, and in no other."""

WORKSPACE_RIGHTS: Mapping[WorkspaceRole, Right] = MappingProxyType(
    {
        WorkspaceRole.OWNER: Right.WRITE,
        WorkspaceRole.ADMIN: Right.WRITE,
        WorkspaceRole.EDITOR: Right.WRITE,
        WorkspaceRole.VIEWER: Right.READ,
    }
)


def permissions_of(role: OrganisationRole, scopes: frozenset[Scope] | None) -> frozenset[Permission]:
    """What the role allows; with `scopes` (of a personal token), only what these allow as well."""
    allowed = ROLE_PERMISSIONS[role]
    if scopes is None:
        return allowed
    return allowed & frozenset[Permission]().union(*(SCOPE_PERMISSIONS[scope] for scope in scopes))


def document_right(
    role: OrganisationRole, scopes: frozenset[Scope] | None, workspace_role: WorkspaceRole
) -> Right | None:
    """What a member of a workspace may do with its documents: both roles (and the token's scopes) must allow it.

    Who may not manage in the organisation may at most comment, even as an editor of the workspace. A token with no
    scope for documents sees none: None.
    """
    if scopes is not None and scopes.isdisjoint({Scope.DOCUMENTS_READ, Scope.DOCUMENTS_WRITE}):
        return None
    if Permission.COLLABORATION_VIEW not in ROLE_PERMISSIONS[role]:
        return None
    right = WORKSPACE_RIGHTS[workspace_role]
    if scopes is not None and Scope.DOCUMENTS_WRITE not in scopes:
        return min(right, Right.READ)
    may_write = Permission.COLLABORATION_MANAGE in ROLE_PERMISSIONS[role]
    return right if may_write else min(right, Right.COMMENT)
