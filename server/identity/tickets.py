"""One-use tickets: how a page opens a socket without its credential standing in an address."""

from datetime import datetime, timedelta
from typing import Any

from persistence.credentials import CredentialStore
from server.clock import Clock
from server.errors import CredentialExpired
from server.identity.minting import TICKET, digest, mint
from server.identity.principal import DocumentGrant, Principal, Right
from server.identity.roles import OrganisationRole, Scope

__all__ = ["TicketDesk"]


class TicketDesk:
    """A ticket stands for whoever asked for it: it holds no right of its own, and dies with the credential."""

    def __init__(self, store: CredentialStore, clock: Clock, lifetime: timedelta) -> None:
        self._store = store
        self._clock = clock
        self._lifetime = lifetime

    async def issue(self, caller: Principal, document: str | None) -> tuple[str, datetime]:
        """The ticket and when it is no good any more. With `document` (an id) it opens no other one."""
        ticket, now = mint(TICKET), self._clock.now()
        expires_at = now + self._lifetime
        await self._store.add_ticket(digest(ticket), _packed(caller), document, now, expires_at)
        return ticket, expires_at

    async def take(self, ticket: str) -> Principal:
        """Who asked for it, as he was then; the caller looks up what he is now. Raises CredentialExpired."""
        row = await self._store.take_ticket(digest(ticket), self._clock.now())
        if row is None:
            raise CredentialExpired("The ticket was used already, or is too old.")
        return _unpacked(row.caller, row.document)


def _packed(caller: Principal) -> dict[str, Any]:
    return {
        "user_id": caller.user_id,
        "name": caller.name,
        "email": caller.email,
        "organisation_id": caller.organisation_id,
        "organisation_role": caller.organisation_role.value,
        "kind": caller.kind,
        "credential_id": caller.credential_id,
        "scopes": sorted(caller.scopes),
        "grants": [[grant.pattern, int(grant.right)] for grant in caller.grants],
        "expires_at": caller.expires_at.isoformat() if caller.expires_at is not None else None,
    }


def _unpacked(packed: dict[str, Any], document: str | None) -> Principal:
    expires_at = packed["expires_at"]
    return Principal(
        user_id=packed["user_id"],
        name=packed["name"],
        email=packed["email"],
        organisation_id=packed["organisation_id"],
        organisation_role=OrganisationRole(packed["organisation_role"]),
        kind=packed["kind"],
        credential_id=packed["credential_id"],
        scopes=frozenset(Scope(scope) for scope in packed["scopes"]),
        grants=tuple(DocumentGrant(pattern, Right(right)) for pattern, right in packed["grants"]),
        expires_at=datetime.fromisoformat(expires_at) if expires_at is not None else None,
        document=document,
    )
