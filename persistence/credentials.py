"""Sessions, personal tokens and one-use tickets, known by their hashes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, Select, delete, insert, null, select, update

from persistence.access_changes import note_access
from persistence.database import Database
from persistence.events import Also, AlsoKnowing, nothing_else
from persistence.push import end_of_session
from persistence.tables.identity import organisation_members, personal_tokens, sessions, tickets, users

__all__ = ["CredentialRow", "CredentialStore", "NewToken", "TicketRow", "TokenRow"]


@dataclass(frozen=True, slots=True)
class CredentialRow:
    """A credential and whose it is now. `role` is the owner's role in the credential's organisation."""

    id: str
    user_id: str
    organisation_id: str
    name: str
    email: str | None
    role: str
    active: bool
    last_used_at: datetime | None
    expires_at: datetime | None
    scopes: list[str] | None


@dataclass(frozen=True, slots=True)
class TokenRow:
    id: str
    name: str
    scopes: list[str]
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewToken:
    token_hash: str
    name: str
    scopes: list[str]
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class TicketRow:
    caller: dict[str, Any]
    document: str | None


S, T, U, M = sessions.c, personal_tokens.c, users.c, organisation_members.c
OWNER = (U.name, U.email, M.role, U.active)
TOKEN = (T.id, T.name, T.scopes, T.created_at, T.last_used_at, T.expires_at)


class CredentialStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    # Sessions.

    async def add_session(
        self, token_hash: str, user: str, organisation: str, now: datetime, expires_at: datetime
    ) -> str:
        """The id of the new session. Those that have expired are swept on the way."""
        session = uuid4().hex
        values = {"id": session, "token_hash": token_hash, "user_id": user, "organisation_id": organisation}

        def work(connection: Connection) -> None:
            connection.execute(delete(sessions).where(S.expires_at <= now))
            connection.execute(
                insert(sessions).values(**values, created_at=now, last_used_at=now, expires_at=expires_at)
            )
            connection.execute(update(users).where(U.id == user).values(last_seen_at=now))

        await self._database.write(work)
        return session

    async def session(self, token_hash: str) -> CredentialRow | None:
        return await self._one(_sessions().where(S.token_hash == token_hash))

    async def session_by_id(self, session: str) -> CredentialRow | None:
        return await self._one(_sessions().where(S.id == session))

    async def end_session(self, session: str) -> None:
        """What was pushed to the browser of that session is no longer."""

        def work(connection: Connection) -> None:
            found = connection.execute(select(S.organisation_id, S.user_id).where(S.id == session)).first()
            if found is not None:
                note_access(connection, organisation=found.organisation_id, user=found.user_id, credential=session)
            connection.execute(delete(sessions).where(S.id == session))
            end_of_session(connection, session)

        await self._database.write(work)

    # Personal tokens.

    async def add_token(
        self, user: str, organisation: str, new: NewToken, now: datetime, also: AlsoKnowing[TokenRow] = nothing_else
    ) -> TokenRow:
        row = TokenRow(uuid4().hex, new.name, new.scopes, now, None, new.expires_at)
        values = {"id": row.id, "token_hash": new.token_hash, "user_id": user, "organisation_id": organisation}
        statement = insert(personal_tokens).values(
            **values, name=new.name, scopes=new.scopes, created_at=now, expires_at=new.expires_at
        )

        def work(connection: Connection) -> TokenRow:
            connection.execute(statement)
            also(connection, row)
            return row

        return await self._database.write(work)

    async def tokens(self, user: str, organisation: str) -> list[TokenRow]:
        """Those that were not revoked, the newest first; expired ones are still told."""
        query = select(*TOKEN).where(T.user_id == user, T.organisation_id == organisation)
        query = query.order_by(T.created_at.desc(), T.id)
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [TokenRow(**row._asdict()) for row in rows]

    async def token(self, token_hash: str) -> CredentialRow | None:
        return await self._one(_tokens().where(T.token_hash == token_hash))

    async def token_by_id(self, token: str) -> CredentialRow | None:
        return await self._one(_tokens().where(T.id == token))

    async def delete_token(self, user: str, organisation: str, token: str, also: Also = nothing_else) -> bool:
        """False when the user has no such token."""
        statement = delete(personal_tokens).where(T.id == token, T.user_id == user, T.organisation_id == organisation)

        def work(connection: Connection) -> bool:
            was_there = bool(connection.execute(statement).rowcount)
            if was_there:
                note_access(connection, organisation=organisation, user=user, credential=token)
                also(connection)
            return was_there

        return await self._database.write(work)

    # When they were used last.

    async def touch(self, kind: str, credential: str, user: str, now: datetime) -> None:
        """A session or a personal token (`kind`) was used, and so its user was seen."""
        table = {"session": sessions, "token": personal_tokens}.get(kind)

        def work(connection: Connection) -> None:
            if table is not None:
                connection.execute(update(table).where(table.c.id == credential).values(last_used_at=now))
            connection.execute(update(users).where(U.id == user).values(last_seen_at=now))

        await self._database.write(work)

    # Tickets.

    async def add_ticket(
        self, token_hash: str, caller: dict[str, Any], document: str | None, now: datetime, expires_at: datetime
    ) -> None:
        """Tickets that have expired unused are swept on the way."""

        def work(connection: Connection) -> None:
            connection.execute(delete(tickets).where(tickets.c.expires_at <= now))
            connection.execute(
                insert(tickets).values(token_hash=token_hash, caller=caller, document=document, expires_at=expires_at)
            )

        await self._database.write(work)

    async def take_ticket(self, token_hash: str, now: datetime) -> TicketRow | None:
        """The ticket, which is gone from now on: of two who show it at once, one gets it. None when it is no good."""
        column = tickets.c
        shown = delete(tickets).where(column.token_hash == token_hash)
        statement = shown.returning(column.caller, column.document, column.expires_at)

        def work(connection: Connection) -> TicketRow | None:
            found = connection.execute(statement).first()
            return TicketRow(found.caller, found.document) if found is not None and found.expires_at > now else None

        return await self._database.write(work)

    async def _one(self, query: Select[Any]) -> CredentialRow | None:
        found: Row[Any] | None = await self._database.read(lambda connection: connection.execute(query).first())
        return CredentialRow(**found._asdict()) if found is not None else None


def _sessions() -> Select[Any]:
    columns = (S.id, S.user_id, S.organisation_id, *OWNER, S.last_used_at, S.expires_at, null().label("scopes"))
    return _owned(select(*columns), sessions)


def _tokens() -> Select[Any]:
    columns = (T.id, T.user_id, T.organisation_id, *OWNER, T.last_used_at, T.expires_at, T.scopes)
    return _owned(select(*columns), personal_tokens)


def _owned(query: Select[Any], table: Any) -> Select[Any]:
    """With the owner, and the owner's role in the credential's organisation; who is no member owns nothing there."""
    return query.join(users, U.id == table.c.user_id).join(
        organisation_members, (M.user_id == table.c.user_id) & (M.organisation_id == table.c.organisation_id)
    )
