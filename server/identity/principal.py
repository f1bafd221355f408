"""Who is asking, what they came with, and what they may do with one document."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from crdt.room import Right
from server.events.model import Actor
from server.identity.roles import OrganisationRole, Permission, Scope, permissions_of

__all__ = ["Credentials", "DocumentAccess", "DocumentGrant", "Kind", "Principal", "Right"]

Kind = Literal["session", "token", "jwt", "open"]


@dataclass(frozen=True, slots=True)
class DocumentGrant:
    """An application lets its user into the documents whose external name matches `pattern` (`*` = any characters)."""

    pattern: str
    right: Right


@dataclass(frozen=True, slots=True)
class Principal:
    """A caller whose credential was in force when it was looked at.

    scopes        what a personal token is limited to; empty for every other kind, which has no such limit
    grants        what an application's token lets into; empty for every other kind, which goes by memberships
    expires_at    when the credential ends whatever happens; None: it does not by itself
    document      the only document that the ticket is good for; None: no such limit
    """

    user_id: str
    name: str
    email: str | None
    organisation_id: str
    organisation_role: OrganisationRole
    kind: Kind
    credential_id: str
    scopes: frozenset[Scope] = frozenset()
    grants: tuple[DocumentGrant, ...] = ()
    expires_at: datetime | None = None
    document: str | None = None

    @property
    def actor(self) -> Actor:
        """Who has done it, as events tell it."""
        return Actor(self.organisation_id, "token" if self.kind == "token" else "person", self.user_id, self.name)

    @property
    def permissions(self) -> frozenset[Permission]:
        """What the role allows now, and for a personal token no more than its scopes do."""
        return permissions_of(self.organisation_role, self.scopes if self.kind == "token" else None)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a request brought, unchecked. `bearer`: a session's, a personal or an application's token."""

    cookie: str | None
    bearer: str | None
    ticket: str | None
    origin: str | None
    address: str


@dataclass(frozen=True, slots=True)
class DocumentAccess:
    """A caller may open this document."""

    document_id: str
    organisation_id: str
    right: Right
    incarnation: str
