"""Rows as the shapes of the REST contract."""

from collections.abc import Sequence

from persistence.documents import DocumentRow
from persistence.workspaces import MemberRow, WorkspaceRow
from server.collaboration.model import (
    ContentTrouble,
    Member,
    SharedDocument,
    Workspace,
    WorkspacePermissions,
    WorkspaceSettings,
)
from server.collaboration.texts import Text
from server.http.reply import StreamPlace
from server.identity.principal import Principal
from server.identity.roles import Permission, WorkspaceRole

__all__ = ["document_view", "member_view", "permissions_in", "workspace_view"]


def permissions_in(role: WorkspaceRole) -> list[str]:
    """What a role in a workspace allows there, by the names that the caller's own permissions have."""
    allowed = {
        "can_edit": role.at_least(WorkspaceRole.EDITOR),
        "can_comment": role.at_least(WorkspaceRole.EDITOR),
        "can_invite": role.at_least(WorkspaceRole.ADMIN),
        "can_manage": role.at_least(WorkspaceRole.ADMIN),
    }
    return [name for name, is_allowed in allowed.items() if is_allowed]


def member_view(row: MemberRow) -> Member:
    return Member(
        user_id=row.user_id,
        username=row.name,
        email=row.email,
        role=WorkspaceRole(row.role).value,
        joined_at=row.joined_at,
        last_active=row.last_seen_at,
        permissions=permissions_in(WorkspaceRole(row.role)),
    )


def document_view(row: DocumentRow, writers: Sequence[str], text: Text) -> SharedDocument:
    return SharedDocument.model_validate(
        {
            "id": row.id,
            "workspace_id": row.workspace_id,
            "title": row.title,
            "type": row.type,
            "content": text.content,
            "content_unavailable": text.reason,
            "content_position": text.position,
            "content_state": text.state,
            "content_trouble": _trouble(text),
            "version": row.version,
            "incarnation": row.incarnation,
            "author_id": row.author_id,
            "collaborators": list(writers),
            "created_at": row.created_at,
            "updated_at": max(row.updated_at, row.edited_at or row.updated_at),
            "last_edited_by": row.edited_by,
            "deleted_at": row.deleted_at,
        }
    )


def workspace_view(
    row: WorkspaceRow,
    caller: Principal,
    members: Sequence[MemberRow],
    documents: Sequence[SharedDocument],
    stream: StreamPlace | None,
) -> Workspace:
    own = next((member for member in members if member.user_id == caller.user_id), None)
    return Workspace.model_validate(
        {
            "id": row.id,
            "name": row.name,
            "description": row.description,
            "type": row.type,
            "owner_id": row.owner_id,
            "members": [member_view(member) for member in members],
            "documents": documents,
            "created_at": row.created_at,
            "updated_at": row.updated_at,
            "last_activity": max([row.updated_at, *(document.updated_at for document in documents)]),
            "permissions": _permissions_of(caller, WorkspaceRole(own.role) if own else None),
            "settings": WorkspaceSettings.model_validate(row.settings),
            "stream": stream,
        }
    )


def _trouble(text: Text) -> ContentTrouble | None:
    if text.state not in ("partial", "unreadable"):
        return None
    writers = dict.fromkeys(row.writer for row in text.quarantined if row.writer is not None)
    return ContentTrouble(
        reason=text.reason or next((row.reason for row in text.quarantined), "unreadable"),
        positions=[row.position for row in text.quarantined],
        writers=list(writers),
    )


def _permissions_of(caller: Principal, role: WorkspaceRole | None) -> WorkspacePermissions:
    """Both roles must allow it: the one in the workspace and the one in the organisation."""
    here = permissions_in(role) if role is not None else []
    may_write = Permission.COLLABORATION_MANAGE in caller.permissions
    may_arrange = Permission.WORKSPACE_EDIT in caller.permissions
    return WorkspacePermissions(
        can_edit=may_write and "can_edit" in here,
        can_comment="can_comment" in here,
        can_invite=may_arrange and "can_invite" in here,
        can_manage=may_arrange and "can_manage" in here,
    )
