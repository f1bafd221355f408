"""Data sources as rows: what is watched, and how it is reached."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import Connection, Row, delete, func, insert, inspect, select, update
from sqlalchemy.exc import IntegrityError

from persistence.answers import Note, no_note
from persistence.counters import next_number
from persistence.database import Database
from persistence.events import AlsoKnowing, nothing_else
from persistence.tables.sources import data_sources, monitors

__all__ = [
    "DataSourceRow",
    "DataSourceStore",
    "Seal",
    "SourceNameTaken",
    "StateChange",
    "TooManySources",
    "note_states",
    "sealed_source_secrets",
]


Seal: TypeAlias = Callable[[int], str | None]
"""From the id of a source to what is stored of its password."""


class SourceNameTaken(Exception):
    """The organisation has another source of this name."""


class TooManySources(Exception):
    """The organisation has as many as it may have."""


@dataclass(frozen=True, slots=True)
class DataSourceRow:
    """`secret` is sealed. `status`: pending, active, error or inactive, which `status_reason` explains."""

    id: int
    organisation_id: str
    name: str
    source_type: str
    host: str
    port: int | None
    location: str
    username: str | None
    secret: str | None
    database_name: str | None
    use_encryption: bool
    options: Mapping[str, Any]
    description: str
    environment: str
    criticality: str
    data_classification: str
    tags: list[str]
    owner: str | None
    team: str | None
    status: str
    status_reason: str | None
    status_at: datetime
    version: int
    created_by: str
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None


D = data_sources.c
SOURCE = tuple(D[name] for name in DataSourceRow.__dataclass_fields__)


class DataSourceStore:
    """Every question of people names the organisation; another one's sources are not there."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(
        self,
        new: DataSourceRow,
        seal: Seal,
        most: int,
        note: Note = no_note,
        also: AlsoKnowing[DataSourceRow] = nothing_else,
    ) -> DataSourceRow:
        """`new` with an id of its own. `seal` makes its secret from the id. Raises SourceNameTaken, TooManySources."""

        def work(connection: Connection) -> DataSourceRow:
            count = select(func.count()).where(D.organisation_id == new.organisation_id, D.deleted_at.is_(None))
            if connection.execute(count).scalar_one() >= most:
                raise TooManySources
            number = next_number(connection, "data_source")
            row = replace(new, id=number, secret=seal(number))
            try:
                connection.execute(insert(data_sources).values(_values(row)))
            except IntegrityError:
                raise SourceNameTaken from None
            note(connection, str(number))
            also(connection, row)
            return row

        return await self._database.write(work)

    async def get(self, organisation: str, source: int) -> DataSourceRow | None:
        query = select(*SOURCE).where(_live(organisation), D.id == source)
        row = await self._database.read(lambda connection: connection.execute(query).first())
        return _source(row) if row is not None else None

    async def named(self, organisation: str, name: str) -> DataSourceRow | None:
        query = select(data_sources).where(_live(organisation), D.name == name)
        row = await self._database.read(lambda connection: connection.execute(query).first())
        return _source(row) if row is not None else None

    async def page(
        self, organisation: str, filters: Mapping[str, str], after: int, limit: int, words: str | None = None
    ) -> list[DataSourceRow]:
        """By their ids, from the one behind `after` on. `filters`: columns and what they must be."""
        query = select(*SOURCE).where(_live(organisation), D.id > after).order_by(D.id).limit(limit)
        for name, value in filters.items():
            query = query.where(D[name] == value)
        if words:
            query = query.where(D.name.icontains(words, autoescape=True))
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [_source(row) for row in rows]

    async def by_ids(self, sources: Sequence[int]) -> dict[int, DataSourceRow]:
        """Of any organisation: for the program itself. Without those that were deleted."""
        query = select(*SOURCE).where(D.id.in_(sources), D.deleted_at.is_(None))
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return {row.id: _source(row) for row in rows}

    async def change(
        self,
        organisation: str,
        source: int,
        changes: Mapping[str, Any],
        version: int,
        also: AlsoKnowing[DataSourceRow] = nothing_else,
    ) -> DataSourceRow | None:
        """The source as it is then; None when it is gone or has another version. Raises SourceNameTaken."""

        def work(connection: Connection) -> DataSourceRow | None:
            mine = _live(organisation) & (D.id == source) & (D.version == version)
            try:
                changed = connection.execute(
                    update(data_sources).where(mine).values({**changes, "version": version + 1})
                )
            except IntegrityError:
                raise SourceNameTaken from None
            if not changed.rowcount:
                return None
            row = _source(connection.execute(select(*SOURCE).where(D.id == source)).one())
            # Whoever samples it looks at it anew.
            connection.execute(
                update(monitors).where(monitors.c.source_id == source).values(fence=monitors.c.fence + 1)
            )
            also(connection, row)
            return row

        return await self._database.write(work)

    async def delete(
        self, organisation: str, source: int, now: datetime, also: AlsoKnowing[DataSourceRow] = nothing_else
    ) -> bool:
        """A tombstone without its secret; nobody samples it any more. False when it is not there."""
        gone = {"deleted_at": now, "updated_at": now, "secret": None, "status": "inactive", "status_reason": None}

        def work(connection: Connection) -> bool:
            if not connection.execute(
                update(data_sources).where(_live(organisation), D.id == source).values(gone)
            ).rowcount:
                return False
            connection.execute(delete(monitors).where(monitors.c.source_id == source))
            also(connection, _source(connection.execute(select(*SOURCE).where(D.id == source)).one()))
            return True

        return await self._database.write(work)


async def sealed_source_secrets(database: Database) -> list[str]:
    """Every secret as it is sealed; none in a store that has not come to this version yet."""

    def work(connection: Connection) -> list[str]:
        if not inspect(connection).has_table(data_sources.name):
            return []
        return list(connection.execute(select(D.secret).where(D.secret.is_not(None))).scalars())

    return await database.read(work)


def _live(organisation: str) -> Any:
    return (D.organisation_id == organisation) & _lives()


def _values(row: DataSourceRow) -> dict[str, Any]:
    return {each.name: getattr(row, each.name) for each in SOURCE} | {"options": dict(row.options)}


def _source(row: Row[Any]) -> DataSourceRow:
    return DataSourceRow(**row._mapping)  # noqa: SLF001 - public in spite of its name


@dataclass(frozen=True, slots=True)
class StateChange:
    """A source whose status is another one than before."""

    id: int
    organisation_id: str
    name: str
    former_status: str


def note_states(connection: Connection, found: Mapping[int, tuple[str, str | None, datetime]]) -> Sequence[StateChange]:
    """Write statuses with their reasons, by source; the answer is where the status itself has changed."""
    query = select(D.id, D.organisation_id, D.name, D.status, D.status_reason).where(D.id.in_(found), _lives())
    changes = []
    for row in connection.execute(query.order_by(D.id)).all():
        status, reason, at = found[row.id]
        if (status, reason) == (row.status, row.status_reason):
            continue
        values = {"status": status, "status_reason": reason} | ({"status_at": at} if status != row.status else {})
        connection.execute(update(data_sources).where(D.id == row.id).values(values))
        if status != row.status:
            changes.append(StateChange(row.id, row.organisation_id, row.name, row.status))
    return changes


def _lives() -> Any:
    return D.deleted_at.is_(None)
