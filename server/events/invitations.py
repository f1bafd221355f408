"""What happens to invitations into workspaces. No event carries a token."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from server.events.model import UserEvent, WorkspaceEvent

__all__ = [
    "InvitationAccepted",
    "InvitationReceived",
    "InvitationRevoked",
    "InvitationState",
    "InvitationWithdrawn",
    "MemberInvited",
]


class InvitationState(BaseModel):
    """An open invitation, as those see it who may invite."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    id: str
    email: str
    role: str
    message: str
    invited_by: str
    inviter_name: str
    created_at: datetime
    sent_at: datetime
    expires_at: datetime


class _OfInvitation(WorkspaceEvent):
    invitation_id: str
    email: str

    @property
    def subject(self) -> str:
        return f"invitation/{self.invitation_id}"


class MemberInvited(_OfInvitation):
    """Somebody is invited into a workspace; `renewed`: an open invitation for the address became this one."""

    invitation: InvitationState
    renewed: bool


class InvitationRevoked(_OfInvitation):
    """An invitation is no good any more, because somebody took it back."""


class InvitationAccepted(_OfInvitation):
    """An invitation was used up; who was no member is told of as one that joined."""

    member_id: str


class _OfMine(UserEvent):
    invitation_id: str
    workspace_id: str
    workspace_name: str

    @property
    def subject(self) -> str:
        return f"invitation/{self.invitation_id}"


class InvitationReceived(_OfMine):
    """The user can accept an invitation into a workspace, or an open one has changed."""

    role: str
    inviter_name: str
    message: str
    expires_at: datetime


class InvitationWithdrawn(_OfMine):
    """The user cannot accept an invitation any more: it was taken back."""
