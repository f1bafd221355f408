"""The shapes of accounts, sessions and tokens, as requests and answers carry them."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from persistence.accounts import AccountRow
from persistence.credentials import TokenRow
from server.http.text import Line
from server.identity.roles import OrganisationRole, Permission, Scope

__all__ = [
    "LoginRequest",
    "NewTokenRequest",
    "NewUserRequest",
    "Organisation",
    "PasswordChange",
    "PermissionsReply",
    "SessionReply",
    "SetupRequest",
    "StatusReply",
    "TicketReply",
    "TicketRequest",
    "Token",
    "TokenReply",
    "User",
    "UserChanges",
]

Name = Annotated[Line, StringConstraints(max_length=100)]
Email = Annotated[Line, StringConstraints(max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")]
# How good a password is, is said by server.identity.passwords; here only how much of one is read.
Password = Annotated[str, StringConstraints(min_length=1, max_length=1024)]
Secret = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class _Input(BaseModel):
    """What a client sends; a field that has no meaning is refused, not ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class LoginRequest(_Input):
    # Any text: whether it is an address that has an account is nobody's business.
    email: Annotated[str, StringConstraints(min_length=1, max_length=254)]
    password: Password


class SetupRequest(_Input):
    token: Secret
    email: Email
    name: Name
    password: Password


class PasswordChange(_Input):
    current: Password
    new: Password


class NewTokenRequest(_Input):
    name: Name
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=len(Scope))]
    expires_in_days: Annotated[int, Field(ge=1, le=3650)] | None = Field(
        default=90, description="When it ends by itself; null: never."
    )


class TicketRequest(_Input):
    document: Annotated[str, StringConstraints(min_length=1, max_length=500)] | None = Field(
        default=None, description="The only document (id or external name) that the ticket shall open."
    )


class NewUserRequest(_Input):
    email: Email
    name: Name
    password: Password
    role: OrganisationRole = OrganisationRole.DATA_ANALYST


class UserChanges(_Input):
    """Only the fields that are there change."""

    role: OrganisationRole | None = None
    active: bool | None = None
    name: Name | None = None
    password: Password | None = None


class Organisation(BaseModel):
    id: str
    name: str


class User(BaseModel):
    """A user of the caller's organisation. `managed_by`: who signs the user in, this server or an application."""

    id: str
    email: str | None
    name: str
    role: OrganisationRole
    active: bool
    managed_by: Literal["counterpoint", "application"]
    organisation: Organisation
    created_at: datetime
    last_seen_at: datetime | None

    @classmethod
    def of(cls, row: AccountRow) -> "User":
        return cls(
            id=row.id,
            email=row.email,
            name=row.name,
            role=OrganisationRole(row.role),
            active=row.active,
            managed_by="counterpoint" if row.external_subject is None else "application",
            organisation=Organisation(id=row.organisation_id, name=row.organisation_name),
            created_at=row.created_at,
            last_seen_at=row.last_seen_at,
        )


class SessionReply(BaseModel):
    """`token` is for clients that cannot keep cookies; browsers got a cookie with this answer."""

    token: str
    user: User
    expires_at: datetime


class PermissionsReply(BaseModel):
    permissions: list[Permission]
    role: OrganisationRole


class StatusReply(BaseModel):
    needs_setup: bool
    open_mode: bool
    version: str


class Token(BaseModel):
    id: str
    name: str
    scopes: list[Scope]
    created_at: datetime
    last_used_at: datetime | None = Field(description="To within some minutes.")
    expires_at: datetime | None

    @classmethod
    def of(cls, row: TokenRow) -> "Token":
        return cls(
            id=row.id,
            name=row.name,
            scopes=[Scope(scope) for scope in row.scopes],
            created_at=row.created_at,
            last_used_at=row.last_used_at,
            expires_at=row.expires_at,
        )


class TokenReply(Token):
    """The one time that the token itself is told."""

    token: str


class TicketReply(BaseModel):
    ticket: str
    expires_at: datetime
