"""The shapes of invitations, as requests and answers carry them (REST contract, C8)."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from server.collaboration.model import Email, MemberRole, Name
from server.http.text import Prose

__all__ = [
    "AcceptInvitation",
    "AcceptedInvitation",
    "Invitation",
    "InvitationStatus",
    "NewInvitation",
    "OpenInvitation",
    "ReceivedInvitation",
    "SentInvitation",
    "SignUp",
]

InvitationStatus = Literal["pending", "accepted", "revoked", "expired", "void"]
Message = Annotated[Prose, StringConstraints(max_length=2_000)]
Secret = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Password = Annotated[str, StringConstraints(min_length=1, max_length=1024)]
STATUS = (
    "`pending` is open; `expired` and `void` (whoever has sent it may not invite any more) can be sent again; "
    "`accepted` and `revoked` are over."
)


class _Input(BaseModel):
    """What a client sends; a field that has no meaning is refused, not ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class NewInvitation(_Input):
    """Whoever reads the mail of this address may come in. There need not be an account for it."""

    email: Email
    role: MemberRole
    message: Message | None = Field(default=None, description="What the invitation says besides, as plain text.")


class Invitation(BaseModel):
    """As those see it who may invite."""

    id: str
    workspace_id: str
    email: str
    role: MemberRole
    status: InvitationStatus = Field(description=STATUS)
    message: str
    invited_by: str = Field(description="The id of whoever has sent it last.")
    inviter_name: str
    created_at: datetime
    sent_at: datetime = Field(description="When its newest link was made; earlier ones are no good.")
    expires_at: datetime


class SentInvitation(Invitation):
    """An invitation that was sent just now. The answer is the same whether the address has an account or not."""

    accept_url: str | None = Field(
        description="The link, told this once, to be handed on; null when it was sent by mail instead."
    )


class ReceivedInvitation(BaseModel):
    """As the one sees it who is invited."""

    id: str
    workspace_id: str
    workspace_name: str
    email: str
    role: MemberRole
    status: InvitationStatus = Field(description=STATUS)
    message: str
    inviter_name: str
    expires_at: datetime


class OpenInvitation(_Input):
    """The part of the link after the #; it stands in the body, so that no log of addresses has it."""

    token: Secret


class AcceptInvitation(_Input):
    """Either the link's token, or the id of an invitation from the list of one's own."""

    token: Secret | None = None
    id: Annotated[str, StringConstraints(min_length=1, max_length=32)] | None = None

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if (self.token is None) == (self.id is None):
            raise ValueError("name the token or the id, and not both")
        return self


class SignUp(_Input):
    """For who has no account: it is made for the address of the invitation."""

    token: Secret
    name: Name
    password: Password


class AcceptedInvitation(BaseModel):
    workspace_id: str
    role: MemberRole = Field(description="The role from now on; who was a member before keeps the own one.")
