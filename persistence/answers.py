"""Answers that are given again when a client repeats a request under the same key."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from sqlalchemy import Connection, Executable, and_, delete, insert, or_, select, update
from sqlalchemy.sql.elements import ColumnElement

from persistence.database import Database
from persistence.tables.workspaces import idempotent_answers

__all__ = ["Answer", "AnswerStore", "ClaimLost", "Note", "no_note"]

Note: TypeAlias = Callable[[Connection, str], None]
"""Called in the transaction that makes a thing, with its id: so it is never made without being known."""

KEPT = timedelta(days=1)
ABANDONED = timedelta(minutes=1)  # a claim of a process that died; an honest request ends within 30 s
IN_PROGRESS = 0

A = idempotent_answers.c


class ClaimLost(Exception):
    """The key is another request's by now, or has made something already: what was about to be made is not."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered to the request with this hash. `status` 0: it is still being made.

    `made`: the id of the thing that the request has made, also when its answer was lost.
    """

    request_hash: str
    status: int
    body: str
    made: str | None = None

    @property
    def is_ready(self) -> bool:
        return self.status != IN_PROGRESS


class AnswerStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(self, user: str, key: str, request_hash: str, now: datetime) -> Answer | None:
        """None: the key is the caller's from now on. Otherwise what was claimed or answered under it before."""

        def work(connection: Connection) -> Answer | None:
            is_open = (A.status == IN_PROGRESS) & A.made.is_(None)
            old = or_(A.created_at < now - KEPT, is_open & (A.created_at < now - ABANDONED))
            connection.execute(delete(idempotent_answers).where(old))
            query = select(A.request_hash, A.status, A.body, A.made).where(A.user_id == user, A.key == key)
            if (known := connection.execute(query).one_or_none()) is not None:
                return Answer(*known)
            row = {"user_id": user, "key": key, "request_hash": request_hash, "created_at": now}
            connection.execute(insert(idempotent_answers).values(**row, status=IN_PROGRESS, body=""))
            return None

        return await self._database.write(work)

    def note(self, user: str, key: str, claimed_at: datetime) -> Note:
        """For the transaction that makes what the request asks for. It raises ClaimLost, and nothing is made, where the
        claim of that moment was given up for dead (its node stood still), or has made something already."""

        def work(connection: Connection, made: str) -> None:
            mine = _claim(user, key, claimed_at) & A.made.is_(None)
            if connection.execute(update(idempotent_answers).where(mine).values(made=made)).rowcount != 1:
                raise ClaimLost

        return work

    async def keep(self, user: str, key: str, status: int, body: str, claimed_at: datetime | None = None) -> None:
        """`claimed_at`: only for the claim of that moment; None: whosoever it is, for it has made this."""
        mine = _claim(user, key, claimed_at)
        statement = update(idempotent_answers).where(mine).values(status=status, body=body)
        await self._database.write(lambda connection: _do(connection, statement))

    async def release(self, user: str, key: str, claimed_at: datetime) -> None:
        """The request failed: its key may be used again, unless it has made something before, or was answered."""
        is_open = (A.status == IN_PROGRESS) & A.made.is_(None)
        statement = delete(idempotent_answers).where(_claim(user, key, claimed_at), is_open)
        await self._database.write(lambda connection: _do(connection, statement))


def _claim(user: str, key: str, claimed_at: datetime | None) -> ColumnElement[bool]:
    mine = and_(A.user_id == user, A.key == key)
    return mine if claimed_at is None else and_(mine, A.created_at == claimed_at)


def no_note(_connection: Connection, _made: str) -> None:
    """For a request without a key."""


def _do(connection: Connection, statement: Executable) -> None:
    connection.execute(statement)
