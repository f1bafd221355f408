"""Where the open threads of a document stand: what is to be looked up after an edit, and what was found."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import Connection, bindparam, select, update

from persistence.database import Database
from persistence.tables.documents import document_projections, documents
from persistence.tables.threads import thread_anchors, threads

__all__ = ["FoundRow", "Orphaned", "ThreadAnchorStore", "WantedRow"]

T, A, D, P = threads.c, thread_anchors.c, documents.c, document_projections.c
MOST = 2_000
"""Threads of one document that are followed, those first that changed last."""
FOUND = ("start", "end", "state", "reason", "line", "column", "end_line", "end_column", "quote", "clamped", "position")


@dataclass(frozen=True, slots=True)
class WantedRow:
    """An anchor that is to be found: at its relative positions, or where it was asked for."""

    thread_id: str
    start: bytes | None
    end: bytes | None
    asked_line: int | None
    asked_column: int | None
    quote: str | None
    clamped: bool


@dataclass(frozen=True, slots=True)
class FoundRow:
    """Where an anchor is at `position` of the log."""

    thread_id: str
    start: bytes | None
    end: bytes | None
    state: str
    reason: str | None
    line: int | None
    column: int | None
    end_line: int | None
    end_column: int | None
    quote: str | None
    clamped: bool
    position: int


@dataclass(frozen=True, slots=True)
class Orphaned:
    """A thread whose text was found deleted just now."""

    thread_id: str
    document_id: str
    document_title: str
    workspace_id: str
    organisation_id: str
    quote: str | None
    reason: str


Told: TypeAlias = Callable[[Connection, Sequence[Orphaned]], None]
"""Called in the transaction, as the last thing in it, when there are any."""


class ThreadAnchorStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def wanted(self, document: str) -> list[WantedRow]:
        """The anchors of the open threads of a document."""
        query = (
            select(A.thread_id, A.start, A.end, A.asked_line, A.asked_column, A.quote, A.clamped)
            .join(threads, T.id == A.thread_id)
            .where(T.document_id == document, T.resolved_at.is_(None))
            .order_by(T.updated_at.desc(), T.id)
            .limit(MOST)
        )
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [WantedRow(*row) for row in rows]

    async def behind(self, limit: int) -> list[str]:
        """Documents with open threads that were looked up before what is known of the text."""
        query = (
            select(T.document_id)
            .distinct()
            .join(thread_anchors, A.thread_id == T.id)
            .join(document_projections, P.document_id == T.document_id)
            .where(T.resolved_at.is_(None), A.position < P.position, P.text.is_not(None))
            .limit(limit)
        )
        return await self._database.read(lambda connection: list(connection.execute(query).scalars()))

    async def keep(self, found: Sequence[FoundRow], now: datetime, told: Told) -> None:
        """What was found, unless a later position is known already."""
        rows = {row.thread_id: row for row in found}

        def work(connection: Connection) -> None:
            before = _before(connection, list(rows))
            news = [row for row in found if row.thread_id in before and before[row.thread_id][1] <= row.position]
            if not news:
                return
            values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in FOUND}
            statement = update(thread_anchors).where(A.thread_id == bindparam("thread")).values(values)
            connection.execute(
                statement,
                [{"thread": row.thread_id} | {f"new_{name}": getattr(row, name) for name in FOUND} for row in news],
            )
            lost = [row for row in news if row.state == "orphaned" and before[row.thread_id][0] != "orphaned"]
            if lost:
                told(connection, _orphaned(connection, {row.thread_id: row for row in lost}, now))

        await self._database.write(work)


def _before(connection: Connection, ids: Sequence[str]) -> dict[str, tuple[str, int]]:
    """State and position of each, locked where the store can lock rows."""
    query = select(A.thread_id, A.state, A.position).where(A.thread_id.in_(ids)).order_by(A.thread_id).with_for_update()
    return {thread: (state, position) for thread, state, position in connection.execute(query).all()}


def _orphaned(connection: Connection, lost: dict[str, FoundRow], now: datetime) -> list[Orphaned]:
    connection.execute(update(threads).where(T.id.in_(list(lost))).values(updated_at=now))
    query = (
        select(T.id, D.id, D.title, D.workspace_id, D.organisation_id)
        .join(documents, D.id == T.document_id)
        .where(T.id.in_(list(lost)))
        .order_by(T.created_at, T.id)
    )
    return [
        Orphaned(*row, quote=lost[row[0]].quote, reason=lost[row[0]].reason or "deleted")
        for row in connection.execute(query).all()
    ]
