"""What happens to workspaces and to who is in them."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from server.events.model import UserEvent, WorkspaceEvent

__all__ = [
    "MemberJoined",
    "MemberLeft",
    "MemberRemoved",
    "MemberRenamed",
    "MemberRoleChanged",
    "MemberState",
    "MembershipBegan",
    "MembershipChanged",
    "MembershipEnded",
    "OwnerChanged",
    "WorkspaceCreated",
    "WorkspaceDeleted",
    "WorkspaceRestored",
    "WorkspaceState",
    "WorkspaceUpdated",
]


class WorkspaceState(BaseModel):
    """A workspace as it is from now on."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    id: str
    name: str
    type: str
    description: str
    owner_id: str
    settings: dict[str, Any]
    created_at: datetime
    updated_at: datetime


class MemberState(BaseModel):
    """A member as the other members see it."""

    model_config = ConfigDict(frozen=True)

    user_id: str
    username: str
    email: str | None
    role: str
    joined_at: datetime


class WorkspaceCreated(WorkspaceEvent):
    """A workspace was made."""

    workspace: WorkspaceState


class WorkspaceUpdated(WorkspaceEvent):
    """Name, description, type or settings of a workspace are others now; `changed` names the fields."""

    workspace: WorkspaceState
    changed: list[str]


class WorkspaceDeleted(WorkspaceEvent):
    """A workspace was deleted; its owner can restore it."""

    name: str


class WorkspaceRestored(WorkspaceEvent):
    """A deleted workspace is back."""

    workspace: WorkspaceState


class OwnerChanged(WorkspaceEvent):
    """The owner whom the workspace names is another one, because the former one is an owner no more."""

    owner_id: str


class MemberJoined(WorkspaceEvent):
    """Somebody is a member now."""

    member: MemberState

    @property
    def subject(self) -> str:
        return f"user/{self.member.user_id}"


class _OfMember(WorkspaceEvent):
    member_id: str
    name: str

    @property
    def subject(self) -> str:
        return f"user/{self.member_id}"


class MemberLeft(_OfMember):
    """A member has left by himself."""


class MemberRemoved(_OfMember):
    """A member was removed by somebody else."""


class MemberRoleChanged(_OfMember):
    """A member has another role in the workspace."""

    role: str


class MemberRenamed(_OfMember):
    """A member is called otherwise now."""

    former_name: str


class _OfMembership(UserEvent):
    workspace_id: str
    workspace_name: str

    @property
    def subject(self) -> str:
        return f"workspace/{self.workspace_id}"


class MembershipBegan(_OfMembership):
    """The user sees a workspace from now on: made, added to, or restored."""

    role: str


class MembershipChanged(_OfMembership):
    """The user has another role in a workspace."""

    role: str


class MembershipEnded(_OfMembership):
    """The user does not see the workspace any more: left or removed."""
