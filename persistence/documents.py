"""Documents as rows: made, named, listed, renamed, deleted and brought back."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from persistence.access_changes import note_access
from persistence.answers import Note, no_note
from persistence.database import Database
from persistence.events import Also, AlsoKnowing, nothing_else
from persistence.tables.documents import document_heads, document_rows, document_writers, documents

__all__ = ["DocumentRow", "DocumentStore", "NewDocument", "Resolved"]

D, H = documents.c, document_heads.c
SEED = "seed"
"""The node of rows that were there before any room opened."""


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A document that is to be. `seed`: an update with its first content, written by its author."""

    organisation_id: str
    workspace_id: str
    title: str
    type: str
    author_id: str
    external_name: str | None = None
    seed: bytes | None = None


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document without its content. `version`: how many rows its log has."""

    id: str
    organisation_id: str
    workspace_id: str
    external_name: str | None
    title: str
    type: str
    author_id: str
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None
    version: int
    incarnation: str
    edited_by: str | None
    edited_at: datetime | None


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a name stands for."""

    id: str
    is_deleted: bool


class DocumentStore:
    """Every question names the organisation; another organisation's document is not there."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(
        self,
        new: NewDocument,
        now: datetime,
        note: Note = no_note,
        also: AlsoKnowing[DocumentRow] = nothing_else,
    ) -> DocumentRow:
        """Raises IntegrityError when the external name is taken."""

        def work(connection: Connection) -> DocumentRow:
            row = _create(connection, new, now)
            note(connection, row.id)
            also(connection, row)
            return row

        return await self._database.write(work)

    async def create_named(
        self, new: NewDocument, now: datetime, also: AlsoKnowing[DocumentRow] = nothing_else
    ) -> Resolved:
        """The document of this external name, made if there is none; many callers at once get the same one."""
        try:
            row = await self.create(new, now, also=also)
        except IntegrityError:
            found = await self.resolve(new.organisation_id, new.external_name or "")
            if found is None:
                raise
            return found
        return Resolved(row.id, is_deleted=False)

    async def resolve(self, organisation: str, name: str) -> Resolved | None:
        """What this name stands for: an id first, else an external name."""
        query = (
            select(D.id, D.deleted_at)
            .where(D.organisation_id == organisation, or_(D.id == name, D.external_name == name))
            .order_by((D.id == name).desc())
            .limit(1)
        )
        row = await self._database.read(lambda connection: connection.execute(query).one_or_none())
        return None if row is None else Resolved(row.id, row.deleted_at is not None)

    async def get(self, organisation: str, document: str, *, deleted: bool = False) -> DocumentRow | None:
        """One document; a deleted one only on request."""
        query = _rows().where(D.organisation_id == organisation, D.id == document)
        if not deleted:
            query = query.where(D.deleted_at.is_(None))
        row = await self._database.read(lambda connection: connection.execute(query).one_or_none())
        return None if row is None else DocumentRow(*row)

    async def in_workspaces(
        self,
        organisation: str,
        workspaces: Sequence[str],
        *,
        type_: str | None = None,
        after: tuple[datetime, str] | None = None,
        limit: int | None = None,
        deleted: bool = False,
    ) -> list[DocumentRow]:
        """Documents of workspaces, oldest first, from behind (created_at, id) on; `deleted`: the tombstones instead."""
        query = _rows().where(D.organisation_id == organisation, D.workspace_id.in_(workspaces))
        query = query.where(D.deleted_at.is_not(None) if deleted else D.deleted_at.is_(None))
        if type_ is not None:
            query = query.where(D.type == type_)
        if after is not None:
            moment, last = after
            query = query.where(or_(D.created_at > moment, and_(D.created_at == moment, D.id > last)))
        query = query.order_by(D.created_at, D.id).limit(limit)
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [DocumentRow(*row) for row in rows]

    async def update(
        self,
        organisation: str,
        document: str,
        now: datetime,
        *,
        title: str | None = None,
        type_: str | None = None,
        also: Also = nothing_else,
    ) -> bool:
        """Change what is given; False when there is no such document."""
        given = {"title": title, "type": type_}
        changes = {name: value for name, value in given.items() if value is not None}
        query = update(documents).where(D.organisation_id == organisation, D.id == document, D.deleted_at.is_(None))

        def work(connection: Connection) -> bool:
            changed = connection.execute(query.values(updated_at=now, **changes)).rowcount == 1
            if changed:
                also(connection)
            return changed

        return await self._database.write(work)

    async def delete(self, organisation: str, document: str, now: datetime, also: Also = nothing_else) -> bool:
        """Make it a tombstone: its log takes no rows, and keeps those that it has. False when there is none."""
        return await self._mark(organisation, document, now, also, deleted=True)

    async def restore(self, organisation: str, document: str, now: datetime, also: Also = nothing_else) -> bool:
        """Bring a tombstone back as it was. False when there is none."""
        return await self._mark(organisation, document, now, also, deleted=False)

    async def _mark(self, organisation: str, document: str, now: datetime, also: Also, *, deleted: bool) -> bool:
        def work(connection: Connection) -> bool:
            wanted = D.deleted_at.is_(None) if deleted else D.deleted_at.is_not(None)
            changed = connection.execute(
                update(documents)
                .where(D.organisation_id == organisation, D.id == document, wanted)
                .values(deleted_at=now if deleted else None, updated_at=now)
            ).rowcount
            if changed:
                connection.execute(update(document_heads).where(H.document_id == document).values(is_open=not deleted))
                if deleted:
                    note_access(connection, document=document)
                also(connection)
            return changed == 1

        return await self._database.write(work)

    async def writers(self, ids: Sequence[str]) -> dict[str, list[str]]:
        """Who has written in each document, by their ids."""
        known = document_writers.c
        query = select(known.document_id, known.user_id).where(known.document_id.in_(ids))
        found = await self._database.read(lambda connection: connection.execute(query).all())
        writers: dict[str, list[str]] = {}
        for document, writer in sorted(found):
            writers.setdefault(document, []).append(writer)
        return writers


def _rows() -> Select[*tuple[Any, ...]]:
    return select(
        D.id,
        D.organisation_id,
        D.workspace_id,
        D.external_name,
        D.title,
        D.type,
        D.author_id,
        D.created_at,
        D.updated_at,
        D.deleted_at,
        H.head,
        H.incarnation,
        H.edited_by,
        H.edited_at,
    ).join(document_heads, H.document_id == D.id)


def _create(connection: Connection, new: NewDocument, now: datetime) -> DocumentRow:
    document, incarnation = uuid.uuid4().hex, uuid.uuid4().hex
    connection.execute(
        insert(documents).values(
            id=document,
            organisation_id=new.organisation_id,
            workspace_id=new.workspace_id,
            external_name=new.external_name,
            title=new.title,
            type=new.type,
            author_id=new.author_id,
            created_at=now,
            updated_at=now,
        )
    )
    edited = {"edited_by": new.author_id, "edited_at": now} if new.seed is not None else {}
    connection.execute(
        insert(document_heads).values(
            document_id=document, head=1 if edited else 0, snapshot_position=0, incarnation=incarnation, **edited
        )
    )
    if new.seed is not None:
        connection.execute(
            insert(document_rows).values(
                document_id=document,
                position=1,
                writer=new.author_id,
                data=new.seed,
                node=SEED,
                batch=1,
                part=0,
                created_at=now,
            )
        )
        connection.execute(insert(document_writers).values(document_id=document, user_id=new.author_id))
    row = connection.execute(_rows().where(D.id == document)).one()
    return DocumentRow(*row)
