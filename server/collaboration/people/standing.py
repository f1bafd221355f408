"""What an invitation is worth now: it rests on the right of whoever has sent it."""

from datetime import datetime

from persistence.invitations import InvitationRow
from server.collaboration.people.model import Invitation, InvitationStatus, ReceivedInvitation
from server.errors import Conflict, NotFound
from server.identity.roles import ROLE_PERMISSIONS, OrganisationRole, Permission, WorkspaceRole

__all__ = ["check_acceptable", "invitation_view", "received_view", "status_of"]


def status_of(row: InvitationRow, now: datetime) -> InvitationStatus:
    if row.accepted_at is not None:
        return "accepted"
    if row.revoked_at is not None:
        return "revoked"
    if row.expires_at <= now:
        return "expired"
    return "pending" if _may_invite(row) else "void"


def check_acceptable(row: InvitationRow, now: datetime) -> None:
    """Raises Conflict, which says why it is no good, or NotFound when the workspace was deleted."""
    if row.workspace_deleted:
        raise NotFound("The workspace was deleted.")
    match status_of(row, now):
        case "accepted":
            raise Conflict("This invitation was accepted already.")
        case "revoked":
            raise Conflict("This invitation was taken back.")
        case "expired":
            raise Conflict("This invitation has expired. Ask for a new one.")
        case "void":
            raise Conflict("Whoever has sent this invitation may not invite any more. Ask for a new one.")
        case "pending":
            return


def invitation_view(row: InvitationRow, now: datetime) -> Invitation:
    return Invitation(
        id=row.id,
        workspace_id=row.workspace_id,
        email=row.email,
        role=WorkspaceRole(row.role).value,
        status=status_of(row, now),
        message=row.message,
        invited_by=row.invited_by,
        inviter_name=row.inviter_name,
        created_at=row.created_at,
        sent_at=row.sent_at,
        expires_at=row.expires_at,
    )


def received_view(row: InvitationRow, now: datetime) -> ReceivedInvitation:
    return ReceivedInvitation(
        id=row.id,
        workspace_id=row.workspace_id,
        workspace_name=row.workspace_name,
        email=row.email,
        role=WorkspaceRole(row.role).value,
        status=status_of(row, now),
        message=row.message,
        inviter_name=row.inviter_name,
        expires_at=row.expires_at,
    )


def _may_invite(row: InvitationRow) -> bool:
    if row.inviter_role is None or row.inviter_standing is None:
        return False
    role = WorkspaceRole(row.inviter_role)
    may_arrange = Permission.WORKSPACE_EDIT in ROLE_PERMISSIONS[OrganisationRole(row.inviter_standing)]
    return may_arrange and role.at_least(WorkspaceRole.ADMIN) and role.at_least(WorkspaceRole(row.role))
