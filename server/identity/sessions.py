"""Sessions: opaque, revocable, ended by idleness and by age."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from persistence.credentials import CredentialRow, CredentialStore
from server.clock import Clock
from server.errors import Unauthenticated
from server.identity.minting import SESSION, digest, mint
from server.identity.principal import Principal
from server.identity.roles import OrganisationRole

__all__ = ["NewSession", "SessionDesk"]


@dataclass(frozen=True, slots=True)
class NewSession:
    """`token` is told to its owner this once."""

    token: str
    session_id: str
    expires_at: datetime


class SessionDesk:
    """Opens sessions and reads them.

    idle      a session that was not used for this long has ended
    oldest    every session ends at this age
    """

    def __init__(self, store: CredentialStore, clock: Clock, idle: timedelta, oldest: timedelta) -> None:
        self._store = store
        self._clock = clock
        self._idle = idle
        self._oldest = oldest

    async def open(self, user: str, organisation: str) -> NewSession:
        token, now = mint(SESSION), self._clock.now()
        expires_at = now + self._oldest
        session = await self._store.add_session(digest(token), user, organisation, now, expires_at)
        return NewSession(token, session, expires_at)

    async def read(self, token: str) -> tuple[Principal, datetime | None]:
        """Whose it is, and when it was last used. Raises Unauthenticated."""
        return self._checked(await self._store.session(digest(token)))

    async def read_by_id(self, session: str) -> Principal:
        """For a ticket that a session asked for. Raises Unauthenticated."""
        return self._checked(await self._store.session_by_id(session))[0]

    async def end(self, session: str) -> None:
        await self._store.end_session(session)

    def _checked(self, row: CredentialRow | None) -> tuple[Principal, datetime | None]:
        now = self._clock.now()
        if row is None or not row.active or (row.expires_at is not None and row.expires_at <= now):
            raise Unauthenticated("The session has ended. Sign in again.")
        if row.last_used_at is not None and now - row.last_used_at > self._idle:
            raise Unauthenticated("The session was not used for too long. Sign in again.")
        principal = Principal(
            user_id=row.user_id,
            name=row.name,
            email=row.email,
            organisation_id=row.organisation_id,
            organisation_role=OrganisationRole(row.role),
            kind="session",
            credential_id=row.id,
            expires_at=row.expires_at,
        )
        return principal, row.last_used_at
