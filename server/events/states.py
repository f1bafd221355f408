"""Rows of the store as the states that events carry."""

from persistence.documents import DocumentRow
from persistence.workspaces import MemberRow, WorkspaceRow
from server.events.documents import DocumentCreated, DocumentState
from server.events.model import Event
from server.events.workspaces import (
    MemberJoined,
    MemberLeft,
    MemberRemoved,
    MemberRoleChanged,
    MembershipBegan,
    MembershipChanged,
    MembershipEnded,
    MemberState,
    WorkspaceCreated,
    WorkspaceState,
)

__all__ = [
    "document_created",
    "document_state",
    "member_gone",
    "member_joined",
    "membership_began",
    "role_changed",
    "workspace_created",
    "workspace_state",
]


def workspace_state(row: WorkspaceRow) -> WorkspaceState:
    return WorkspaceState.model_validate(row)


def document_state(row: DocumentRow) -> DocumentState:
    return DocumentState.model_validate(row)


def document_created(row: DocumentRow) -> Event:
    return DocumentCreated(workspace_id=row.workspace_id, document_id=row.id, document=document_state(row))


def workspace_created(row: WorkspaceRow, owner: MemberRow | None) -> list[Event]:
    """A workspace of a name that clients have opened first may have nobody in it."""
    made: list[Event] = [WorkspaceCreated(workspace_id=row.id, workspace=workspace_state(row))]
    return made if owner is None else [*made, *member_joined(row.name, owner)]


def member_joined(workspace_name: str, member: MemberRow) -> list[Event]:
    """The workspace hears it, and so does the new member, who did not listen there before."""
    state = MemberState(
        user_id=member.user_id,
        username=member.name,
        email=member.email,
        role=member.role,
        joined_at=member.joined_at,
    )
    return [
        MemberJoined(workspace_id=member.workspace_id, member=state),
        membership_began(workspace_name, member),
    ]


def membership_began(workspace_name: str, member: MemberRow) -> Event:
    return MembershipBegan(
        user_id=member.user_id, workspace_id=member.workspace_id, workspace_name=workspace_name, role=member.role
    )


def role_changed(workspace_name: str, member: MemberRow, role: str) -> list[Event]:
    workspace, user = member.workspace_id, member.user_id
    return [
        MemberRoleChanged(workspace_id=workspace, member_id=user, name=member.name, role=role),
        MembershipChanged(user_id=user, workspace_id=workspace, workspace_name=workspace_name, role=role),
    ]


def member_gone(workspace_name: str, member: MemberRow, *, by_itself: bool) -> list[Event]:
    workspace, user, kind = member.workspace_id, member.user_id, MemberLeft if by_itself else MemberRemoved
    return [
        kind(workspace_id=workspace, member_id=user, name=member.name),
        MembershipEnded(user_id=user, workspace_id=workspace, workspace_name=workspace_name),
    ]
