"""Rows that no worker can read: what is hidden from workers, so that the rest of the document can be read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, func, insert, literal, select, union_all

from persistence.database import Database
from persistence.tables.documents import (
    document_projections,
    document_rows,
    document_snapshots,
    fresh_rows,
    quarantined_rows,
)

__all__ = ["QuarantineStore", "QuarantinedRow"]

Q = quarantined_rows.c


@dataclass(frozen=True, slots=True)
class QuarantinedRow:
    """A row of the log that ends whoever reads it; the row itself stays where it is, and goes to clients.

    position: of the row; of the snapshot when the rows that it was made of are gone.
    hidden: the clocks that workers are not shown, as an encoded delete set; empty when the row is no update at all.
    without_place: nothing stands in the place of these clocks, for what they name is the poison.
    writer: who sent it, None when that is not known.
    """

    document_id: str
    position: int
    reason: str
    hidden: bytes
    without_place: bool
    writer: str | None
    found_at: datetime


class QuarantineStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, documents: Sequence[str]) -> dict[str, list[QuarantinedRow]]:
        """What is in quarantine of each of these documents, by position; nothing for those that are whole."""
        return await self._found(_rows().where(Q.document_id.in_(documents)))

    async def all(self) -> dict[str, list[QuarantinedRow]]:
        """What is in quarantine of every document: few have anything."""
        return await self._found(_rows())

    async def data(self, document: str, position: int) -> bytes | None:
        """The bytes of a row, else of the snapshot at its position; None when neither is there any more."""
        query = _data(document, position)
        row = await self._database.read(lambda connection: connection.execute(query).one_or_none())
        return None if row is None else row.data

    async def size(self, document: str, position: int) -> int | None:
        """How many bytes that are."""
        data = _data(document, position).subquery()
        query = select(func.length(data.c.data))
        return await self._database.read(lambda connection: connection.execute(query).scalar())

    async def put(self, row: QuarantinedRow) -> None:
        """Keep it; what stood at its position before is replaced."""

        def work(connection: Connection) -> None:
            is_ours = (Q.document_id == row.document_id) & (Q.position == row.position)
            connection.execute(delete(quarantined_rows).where(is_ours))
            connection.execute(
                insert(quarantined_rows).values(
                    document_id=row.document_id,
                    position=row.position,
                    reason=row.reason,
                    hidden=row.hidden,
                    without_place=row.without_place,
                    writer=row.writer,
                    found_at=row.found_at,
                )
            )

        await self._database.write(work)

    async def release(self, document: str, position: int | None = None) -> int:
        """Forget what was found in a row, or in every row; how many these were.

        What was read without them is forgotten with them, so that the document is read again.
        """

        def work(connection: Connection) -> int:
            is_meant = Q.document_id == document
            if position is not None:
                is_meant &= Q.position == position
            count = connection.execute(delete(quarantined_rows).where(is_meant)).rowcount
            if count:
                connection.execute(delete(document_projections).where(document_projections.c.document_id == document))
            return count

        return await self._database.write(work)

    async def _found(self, query: Select[*tuple[Any, ...]]) -> dict[str, list[QuarantinedRow]]:
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        found: dict[str, list[QuarantinedRow]] = {}
        for row in rows:
            found.setdefault(row.document_id, []).append(QuarantinedRow(*row))
        return found


def _data(document: str, position: int) -> Select[tuple[bytes, int]]:
    """Sorted in, or not yet, or folded."""
    some = [
        select(c.data, literal(rank).label("rank")).where(c.document_id == document, c.position == position)
        for rank, c in enumerate((document_rows.c, fresh_rows.c, document_snapshots.c))
    ]
    found = union_all(*some).subquery()
    return select(found.c.data, found.c.rank).order_by(found.c.rank).limit(1)


def _rows() -> Select[*tuple[Any, ...]]:
    columns = (Q.document_id, Q.position, Q.reason, Q.hidden, Q.without_place, Q.writer, Q.found_at)
    return select(*columns).order_by(Q.document_id, Q.position)
