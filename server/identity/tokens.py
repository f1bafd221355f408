"""Personal tokens: for programs that act in a user's name, limited to scopes and (if wanted) in time."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection

from persistence.credentials import CredentialRow, CredentialStore, NewToken, TokenRow
from server.clock import Clock
from server.errors import Conflict, CredentialExpired, NotFound, Unauthenticated
from server.events.accounts import TokenCreated, TokenRevoked
from server.events.model import Actor
from server.events.outbox import Outbox
from server.identity.access import announce
from server.identity.minting import PERSONAL_TOKEN, digest, mint
from server.identity.principal import Principal
from server.identity.roles import OrganisationRole, Scope
from server.realtime.broker import Broker

__all__ = ["MAX_TOKENS", "TokenDesk"]

MAX_TOKENS = 100
"""A user's tokens; more than anybody can look after."""


class TokenDesk:
    def __init__(self, store: CredentialStore, clock: Clock, broker: Broker, outbox: Outbox) -> None:
        self._store = store
        self._outbox = outbox
        self._clock = clock
        self._broker = broker

    async def create(
        self, actor: Actor, user: str, name: str, scopes: Iterable[Scope], lifetime: timedelta | None
    ) -> tuple[str, TokenRow]:
        """The token, told this once, and its row. It is good in the actor's organisation.

        Raises Conflict above MAX_TOKENS.
        """
        organisation = actor.organisation_id
        if len(await self._store.tokens(user, organisation)) >= MAX_TOKENS:
            raise Conflict(f"You have {MAX_TOKENS} tokens. Revoke those that nothing uses.")
        token, now = mint(PERSONAL_TOKEN), self._clock.now()
        expires_at = now + lifetime if lifetime is not None else None
        new = NewToken(digest(token), name, sorted(set(scopes)), expires_at)
        record = self._outbox.record(actor)

        def also(connection: Connection, row: TokenRow) -> None:
            event = TokenCreated(
                user_id=user, token_id=row.id, name=row.name, scopes=row.scopes, expires_at=row.expires_at
            )
            record(connection, event)

        row = await self._store.add_token(user, organisation, new, now, also)
        self._outbox.published(record)
        return token, row

    async def tokens(self, user: str, organisation: str) -> list[TokenRow]:
        return await self._store.tokens(user, organisation)

    async def revoke(self, actor: Actor, user: str, token: str) -> None:
        """Sockets that came with it end at once. Raises NotFound, also for somebody else's."""
        organisation = actor.organisation_id
        record = self._outbox.record(actor, TokenRevoked(user_id=user, token_id=token))
        if not await self._store.delete_token(user, organisation, token, record):
            raise NotFound
        self._outbox.published(record)
        announce(self._broker, organisation=organisation, user=user, credential=token)

    async def read(self, token: str) -> tuple[Principal, datetime | None]:
        """Whose it is, and when it was last used. Raises Unauthenticated."""
        row = await self._store.token(digest(token))
        return self._checked(row), row.last_used_at if row is not None else None

    async def read_by_id(self, token: str) -> Principal:
        """For a ticket that a token asked for. Raises Unauthenticated."""
        return self._checked(await self._store.token_by_id(token))

    def _checked(self, row: CredentialRow | None) -> Principal:
        if row is None or not row.active:
            raise Unauthenticated("The token was revoked, or never was one.")
        if row.expires_at is not None and row.expires_at <= self._clock.now():
            raise CredentialExpired("The token has expired.")
        return Principal(
            user_id=row.user_id,
            name=row.name,
            email=row.email,
            organisation_id=row.organisation_id,
            # The owner's role of today: a token is never worth more than its owner.
            organisation_role=OrganisationRole(row.role),
            kind="token",
            credential_id=row.id,
            scopes=frozenset(Scope(scope) for scope in row.scopes or ()),
            expires_at=row.expires_at,
        )
