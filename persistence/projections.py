"""What workers have read out of documents, keyed by the position of the log that it shows."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, or_, select
from sqlalchemy.exc import IntegrityError

from persistence.database import Database
from persistence.tables.documents import document_heads, document_projections

__all__ = ["ProjectionMeasure", "ProjectionRow", "ProjectionStore"]

P, H = document_projections.c, document_heads.c


@dataclass(frozen=True, slots=True)
class ProjectionRow:
    """What a document says at a position, in three forms, or why it could not be read.

    json_text: the editor's JSON, or {"roots": …}, as text. is_partial: it was read without a quarantined row.
    read_at: when that was; None where it was not asked for.
    """

    document_id: str
    position: int
    text: str | None
    failure: str | None
    json_text: str | None = None
    markdown: str | None = None
    is_partial: bool = False
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ProjectionMeasure:
    """A projection without its text: how many characters that has, None when there is none."""

    position: int
    characters: int | None
    failure: str | None
    is_partial: bool


class ProjectionStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def measures(self, documents: Sequence[str]) -> dict[str, ProjectionMeasure]:
        """What is stored of each document, without the text itself."""
        query = select(P.document_id, P.position, func.length(P.text), P.failure, P.is_partial)
        query = query.where(P.document_id.in_(documents))
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return {row[0]: ProjectionMeasure(*row[1:]) for row in rows}

    async def texts(self, documents: Sequence[str]) -> dict[str, ProjectionRow]:
        """The latest projection of each document that has one; of its forms only the text."""
        query = select(P.document_id, P.position, P.text, P.failure, P.is_partial).where(P.document_id.in_(documents))
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return {row[0]: ProjectionRow(*row[:4], is_partial=row.is_partial) for row in rows}

    async def get(self, document: str) -> ProjectionRow | None:
        """The latest projection with all its forms."""
        query = select(
            P.document_id, P.position, P.text, P.failure, P.json_text, P.markdown, P.is_partial, P.created_at
        )
        query = query.where(P.document_id == document)
        row = await self._database.read(lambda connection: connection.execute(query).one_or_none())
        return None if row is None else ProjectionRow(*row)

    async def stale(self, limit: int) -> list[str]:
        """Documents whose projection is missing or older than their head; those first that have waited longest."""
        query = (
            select(H.document_id)
            .join(document_projections, P.document_id == H.document_id, isouter=True)
            .where(H.is_open, H.head > 0, or_(P.position.is_(None), P.position < H.head))
            .order_by(H.edited_at, H.document_id)
            .limit(limit)
        )
        return await self._database.read(lambda connection: list(connection.execute(query).scalars()))

    async def put(self, row: ProjectionRow, now: datetime) -> None:
        """Keep a projection, unless a later one is there already; of one position the later reading counts."""
        values: dict[str, Any] = {
            "document_id": row.document_id,
            "position": row.position,
            "text": row.text,
            "failure": row.failure,
            "json_text": row.json_text,
            "markdown": row.markdown,
            "is_partial": row.is_partial,
            "created_at": now,
        }

        def work(connection: Connection) -> None:
            is_ours = P.document_id == row.document_id
            known = connection.execute(select(P.position).where(is_ours).with_for_update()).scalar_one_or_none()
            if known is not None and known > row.position:
                return
            connection.execute(delete(document_projections).where(is_ours))
            with suppress(IntegrityError):  # another node has put the first one in the meantime
                connection.execute(insert(document_projections).values(values))

        await self._database.write(work)
