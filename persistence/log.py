"""The update log: the ordered truth of every document, and the snapshots that fold it."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Connection, Select, String, bindparam, delete, insert, select, union_all, update

from persistence.database import Database
from persistence.dialect import members_of
from persistence.questions import Question
from persistence.records import (
    Batch,
    Committed,
    Gone,
    LoggedAnswer,
    LoggedRow,
    Opened,
    Outcome,
    Replaced,
    Row,
    Snapshot,
    Standing,
)
from persistence.tables.documents import (
    document_clients,
    document_heads,
    document_rows,
    document_snapshots,
    documents,
    fresh_rows,
)

__all__ = [
    "Batch",
    "Committed",
    "DocumentLog",
    "Gone",
    "LoggedAnswer",
    "LoggedRow",
    "Opened",
    "Outcome",
    "Replaced",
    "Row",
    "Snapshot",
    "SqlDocumentLog",
    "Standing",
]

H, R, S = document_heads.c, document_rows.c, document_snapshots.c

STANDINGS = Question(
    select(H.document_id, H.incarnation, H.head, H.snapshot_position).where(
        H.document_id.op("IN")(members_of(bindparam("documents", type_=String))), H.is_open
    )
)
THINNED = 1_000
"""Rows that are dropped in one transaction."""


class DocumentLog(Protocol):
    """What every keeper of the log promises:

    DL1  Positions of a document begin at 1 and have no gaps; each is given in the transaction that commits its row.
    DL2  A batch is there whole or not at all, and `append` returns after the commit.
    DL3  A batch that comes again (same document, node and number) is written once, and answered as the first time.
    DL4  A store that fails is StoreUnavailable, never an empty document.
    DL5  Batches of a document are committed in the order in which they are given.
    DL6  A snapshot replaces only the one that it was made from, and no row is touched by it.
    DL7  The owner of a client id is the first one given, for good.
    DL8  A document that was deleted takes no rows: its batches are answered with Gone.
    DL9  The answer of a batch is kept with its rows, or neither is; also when nobody claims its key any more.
    DL10 What belongs to another incarnation of a document is not taken: its batches are answered with Replaced.
    """

    async def open(self, document: str) -> Opened | None:
        """All that a room needs to begin; None when there is no such document, or it was deleted."""
        ...

    async def append(self, batches: Sequence[Batch]) -> list[Outcome]:
        """Commit all batches in one transaction; one outcome for each. Raises StoreUnavailable, Unstorable."""
        ...

    async def read(self, document: str, after: int, until: int | None = None) -> list[LoggedRow]:
        """The rows after a position, up to and with another."""
        ...

    async def compact(
        self, document: str, snapshot: Snapshot, replaces: int, *, incarnation: str | None = None
    ) -> bool:
        """Store a snapshot if the one in force is still at position `replaces`; False when it is not.

        incarnation: the one that it is of; False when the document has another.
        """
        ...

    async def heads(self, documents: Sequence[str]) -> dict[str, int]:
        """The last position of each document that is open."""
        ...

    async def standings(self, documents: Sequence[str]) -> dict[str, Standing]:
        """How each of them stands that is open, by one question for any number."""
        ...

    async def owners(self, document: str, after: int) -> dict[int, str]:
        """The owners of client ids that were first written under after a position."""
        ...

    async def thin(self, before: datetime) -> int:
        """Drop rows that were committed before this moment and that a snapshot covers; the answer is how many."""
        ...


def _machine_time() -> datetime:
    return datetime.now(UTC)


class SqlDocumentLog:
    """The log in SQL tables, on SQLite and PostgreSQL. `now`: the clock that rows are dated by."""

    def __init__(self, database: Database, now: Callable[[], datetime] = _machine_time) -> None:
        self._database = database
        self._now = now

    async def open(self, document: str) -> Opened | None:
        return await self._database.read(lambda connection: _open(connection, document))

    async def append(self, batches: Sequence[Batch]) -> list[Outcome]:
        return await self._database.appender.append(batches, self._now())

    async def read(self, document: str, after: int, until: int | None = None) -> list[LoggedRow]:
        rows = await self._database.read(lambda connection: _rows(connection, document, after, until))
        return [LoggedRow(*row) for row in rows]

    async def compact(
        self, document: str, snapshot: Snapshot, replaces: int, *, incarnation: str | None = None
    ) -> bool:
        is_its = H.document_id == document
        if incarnation is not None:
            is_its &= H.incarnation == incarnation
        work = partial(_compact, document=document, snapshot=snapshot, replaces=replaces, is_its=is_its)
        return await self._database.write(partial(work, now=self._now()))

    async def heads(self, documents: Sequence[str]) -> dict[str, int]:
        return {document: standing.head for document, standing in (await self.standings(documents)).items()}

    async def standings(self, documents: Sequence[str]) -> dict[str, Standing]:
        rows = await self._database.ask(STANDINGS, documents=json.dumps(list(documents)))
        return {row[0]: Standing(row[1], row[2], row[3]) for row in rows}

    async def owners(self, document: str, after: int) -> dict[int, str]:
        clients = document_clients.c
        query = select(clients.client_id, clients.user_id)
        query = query.where(clients.document_id == document, clients.first_position > after)
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return {row.client_id: row.user_id for row in rows}

    async def thin(self, before: datetime) -> int:
        await self._database.appender.settle()
        dropped = 0
        for document in await self._database.read(lambda connection: _ripe(connection, before)):
            while count := await self._database.write(partial(_thin, document=document, before=before)):
                dropped += count
        return dropped


def _open(connection: Connection, document: str) -> Opened | None:
    head = connection.execute(
        select(H.head, H.incarnation, documents.c.organisation_id)
        .join(documents, documents.c.id == H.document_id)
        .where(H.document_id == document, H.is_open)
    ).one_or_none()
    if head is None:
        return None
    snapshot = _snapshot(connection, document)
    after = snapshot.position if snapshot else 0
    rows = _rows(connection, document, after)
    clients = select(document_clients.c.client_id, document_clients.c.user_id)
    owners = connection.execute(clients.where(document_clients.c.document_id == document)).all()
    return Opened(
        document=document,
        organisation=head.organisation_id,
        incarnation=head.incarnation,
        head=head.head,
        snapshot=snapshot,
        rows=[(position, data) for position, _, data in rows],
        owners={owner.client_id: owner.user_id for owner in owners},
    )


def _rows(
    connection: Connection, document: str, after: int, until: int | None = None
) -> Sequence[tuple[int, str | None, bytes]]:
    """Position, writer and update of each: those that are sorted in, and those that are not yet."""

    def of(table: Any) -> Select[*tuple[Any, ...]]:
        query = select(table.position, table.writer, table.data)
        query = query.where(table.document_id == document, table.position > after)
        return query if until is None else query.where(table.position <= until)

    query = union_all(of(R), of(fresh_rows.c)).order_by("position")
    return [(row[0], row[1], row[2]) for row in connection.execute(query)]


def _snapshot(connection: Connection, document: str) -> Snapshot | None:
    row = connection.execute(
        select(S.position, S.data, S.state_vector, S.deletes).where(S.document_id == document)
    ).one_or_none()
    return None if row is None else Snapshot(row.position, row.data, row.state_vector, row.deletes)


def _compact(
    connection: Connection,
    *,
    document: str,
    snapshot: Snapshot,
    replaces: int,
    is_its: ColumnElement[bool],
    now: datetime,
) -> bool:
    moved = connection.execute(
        update(document_heads)
        .where(is_its, H.snapshot_position == replaces, H.head >= snapshot.position)
        .values(snapshot_position=snapshot.position)
    )
    if moved.rowcount != 1 or snapshot.position <= replaces:
        return False
    connection.execute(delete(document_snapshots).where(S.document_id == document))
    connection.execute(
        insert(document_snapshots).values(
            document_id=document,
            position=snapshot.position,
            data=snapshot.update,
            state_vector=snapshot.state_vector,
            deletes=snapshot.deletes,
            created_at=now,
        )
    )
    return True


def _ripe(connection: Connection, before: datetime) -> list[str]:
    """Documents whose oldest row is old enough, and covered by a snapshot."""
    oldest = select(R.created_at).where(R.document_id == H.document_id, R.position <= H.snapshot_position)
    oldest_row = oldest.order_by(R.position).limit(1).scalar_subquery()
    return list(connection.execute(select(H.document_id).where(oldest_row < before)).scalars())


def _thin(connection: Connection, *, document: str, before: datetime) -> int:
    """Some of them: a transaction that drops a million rows would keep every commit waiting."""
    covered = select(H.snapshot_position).where(H.document_id == document).scalar_subquery()
    oldest = select(R.position).where(R.document_id == document, R.position <= covered, R.created_at < before)
    some = oldest.order_by(R.position).limit(THINNED)
    return connection.execute(delete(document_rows).where(R.document_id == document, R.position.in_(some))).rowcount


_keeps_the_promise: type[DocumentLog] = SqlDocumentLog
