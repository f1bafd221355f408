"""Answers that are given again when a client repeats a request under the same key."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from sqlalchemy import Connection, Executable, delete, insert, or_, select, update

from persistence.database import Database
from persistence.tables.workspaces import idempotent_answers

__all__ = ["Answer", "AnswerStore", "Note", "no_note"]

Note: TypeAlias = Callable[[Connection, str], None]
"""Called in the transaction that makes a thing, with its id: so it is never made without being known."""

KEPT = timedelta(days=1)
ABANDONED = timedelta(minutes=1)  # a claim of a process that died; an honest request ends within 30 s
IN_PROGRESS = 0

A = idempotent_answers.c


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

    def note(self, user: str, key: str) -> Note:
        """For the transaction that makes what the request asks for."""

        def work(connection: Connection, made: str) -> None:
            mine = (A.user_id == user) & (A.key == key)
            connection.execute(update(idempotent_answers).where(mine).values(made=made))

        return work

    async def keep(self, user: str, key: str, status: int, body: str) -> None:
        statement = update(idempotent_answers).where(A.user_id == user, A.key == key).values(status=status, body=body)
        await self._database.write(lambda connection: _do(connection, statement))

    async def release(self, user: str, key: str) -> None:
        """The request failed: its key may be used again, unless it has made something before, or was answered."""
        is_open = (A.status == IN_PROGRESS) & A.made.is_(None)
        statement = delete(idempotent_answers).where(A.user_id == user, A.key == key, is_open)
        await self._database.write(lambda connection: _do(connection, statement))


def no_note(_connection: Connection, _made: str) -> None:
    """For a request without a key."""


def _do(connection: Connection, statement: Executable) -> None:
    connection.execute(statement)
