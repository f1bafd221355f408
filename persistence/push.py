"""Subscriptions to push messages as rows: which browser of whom, and what became of the last message to it."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, delete, exists, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from persistence.database import Database
from persistence.tables.identity import sessions, users
from persistence.tables.push import push_subscriptions

__all__ = ["PushRow", "PushStore", "SessionGone", "TooManyDevices", "end_of_session", "end_of_sessions", "hash_of"]


MOST_AT_ONCE = 5
"""Of one browser; each time one of them is first."""


class TooManyDevices(Exception):
    """The user has as many as he may have."""


class SessionGone(Exception):
    """The session of a new subscription was ended while it was made."""


@dataclass(frozen=True, slots=True)
class PushRow:
    """`session_id`: the session that it ends with, when somebody ends it. `p256dh`, `auth`: in base64url.

    `device`: what it is called; without a name, one that is known keeps the one that it has.
    """

    id: str
    user_id: str
    session_id: str | None
    endpoint: str
    p256dh: str
    auth: str
    device: str
    created_at: datetime
    last_sent_at: datetime | None = None
    last_error: str | None = None


P = push_subscriptions.c
ROW = tuple(P[name] for name in PushRow.__dataclass_fields__)


class PushStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, row: PushRow, most: int, replaces: str | None = None) -> PushRow:
        """The subscription as it is then: one of the same user and endpoint stays the same one, with its new keys; one
        of somebody else is gone. `replaces`: the endpoint that the same browser had before.

        Raises TooManyDevices when the user has `most` already, and SessionGone.
        """

        def work(connection: Connection) -> PushRow:
            return _kept(connection, row, most, replaces)

        for _ in range(MOST_AT_ONCE - 1):
            with suppress(IntegrityError):  # the same browser came twice at once, and the other time was faster
                return await self._database.write(work)
        return await self._database.write(work)

    async def all(self, user: str) -> list[PushRow]:
        """The oldest first."""
        query = select(*ROW).where(P.user_id == user).order_by(P.created_at, P.id)
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [PushRow(*row) for row in rows]

    async def reachable(self, user: str) -> list[PushRow]:
        """Where messages may go now: to an account that is not active, nowhere."""
        query = select(*ROW).join(users, users.c.id == P.user_id).where(P.user_id == user, users.c.active)
        rows = await self._database.read(lambda connection: connection.execute(query.order_by(P.id)).all())
        return [PushRow(*row) for row in rows]

    async def can_reach(self, user: str) -> bool:
        query = select(exists().where(P.user_id == user, users.c.id == P.user_id, users.c.active))
        return bool(await self._database.read(lambda connection: connection.execute(query).scalar_one()))

    async def delete(self, user: str, subscription: str) -> bool:
        """False when the user has no such one."""
        statement = delete(push_subscriptions).where(P.id == subscription, P.user_id == user)
        return bool(await self._database.write(lambda connection: connection.execute(statement).rowcount))

    async def tell(
        self, taken: Collection[str], wrong: Mapping[str, str], gone: Collection[PushRow], at: datetime
    ) -> None:
        """What became of a message: who has `taken` it, what went `wrong` with whom, and who is `gone` for ever."""

        def work(connection: Connection) -> None:
            if taken:
                told = update(push_subscriptions).where(P.id.in_(sorted(taken)))
                connection.execute(told.values(last_sent_at=at, last_error=None))
            for subscription, why in sorted(wrong.items()):
                connection.execute(update(push_subscriptions).where(P.id == subscription).values(last_error=why))
            for row in gone:  # unless the browser has come with another endpoint in the meantime
                ended = (P.id == row.id) & (P.endpoint_hash == hash_of(row.endpoint))
                connection.execute(delete(push_subscriptions).where(ended))

        await self._database.write(work)


def end_of_session(connection: Connection, session: str) -> None:
    """Somebody has signed out: nothing of his goes to that browser any more."""
    connection.execute(delete(push_subscriptions).where(P.session_id == session))


def end_of_sessions(connection: Connection, user: str, but: str | None = None) -> None:
    """All sessions of a user end, but this one."""
    ended = delete(push_subscriptions).where(P.user_id == user)
    if but is not None:
        ended = ended.where(or_(P.session_id.is_(None), P.session_id != but))
    connection.execute(ended)


def hash_of(endpoint: str) -> str:
    """Hex digits of its SHA-256. Whoever has an endpoint may send there; its hash says only which one it is."""
    return sha256(endpoint.encode()).hexdigest()


def _kept(connection: Connection, row: PushRow, most: int, replaces: str | None) -> PushRow:
    hash_ = hash_of(row.endpoint)
    if row.session_id is not None:
        session = select(sessions.c.id).where(sessions.c.id == row.session_id)
        if connection.execute(session).first() is None:
            raise SessionGone
    connection.execute(delete(push_subscriptions).where(P.endpoint_hash == hash_, P.user_id != row.user_id))
    known = _known(connection, row.user_id, hash_)
    if replaces is not None and hash_of(replaces) != hash_:
        former = _known(connection, row.user_id, hash_of(replaces))
        if known is not None and former is not None:
            connection.execute(delete(push_subscriptions).where(P.id == former))
        known = known or former
    values: dict[str, Any] = {name: getattr(row, name) for name in PushRow.__dataclass_fields__}
    values["endpoint_hash"] = hash_
    if known is None:
        count = select(func.count()).select_from(push_subscriptions).where(P.user_id == row.user_id)
        if connection.execute(count).scalar_one() >= most:
            raise TooManyDevices
        connection.execute(insert(push_subscriptions).values(values))
        return row
    same = {"id", "created_at", "last_sent_at"}
    changed = {name: value for name, value in values.items() if name not in same and (name != "device" or row.device)}
    connection.execute(update(push_subscriptions).where(P.id == known).values(changed))
    return PushRow(*connection.execute(select(*ROW).where(P.id == known)).one())


def _known(connection: Connection, user: str, endpoint_hash: str) -> str | None:
    query = select(P.id).where(P.endpoint_hash == endpoint_hash, P.user_id == user).with_for_update()
    found: str | None = connection.execute(query).scalar_one_or_none()
    return found
