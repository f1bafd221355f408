"""Data sources for people: added, changed and removed."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from persistence.answers import Note, no_note
from persistence.data_sources import DataSourceRow, DataSourceStore, SourceNameTaken, TooManySources
from server.clock import Clock
from server.errors import Conflict, FieldIssue, Invalid, NotFound, SourceRefused
from server.events.outbox import Outbox
from server.events.sources import SourceCreated, SourceDeleted, SourceUpdated
from server.identity.principal import Principal
from server.sources.addresses import DEFAULT_PORTS, check_address
from server.sources.model import DataSourceChanges, NewDataSource, SourceOptions
from server.sources.places import Places
from server.sources.secrets import Secrets
from server.sources.views import source_state, type_of

__all__ = ["MOST_SOURCES", "SourceService"]

MOST_SOURCES = 5_000
"""In one organisation: what one node can sample with room to spare is measured in benchmarks/."""


ELSEWHERE = frozenset({"host", "port", "use_encryption", "options"})
"""With these changed, a stored password would go where whoever has set it has not meant it to go."""


class SourceService:
    """Every call is made in somebody's name; another organisation's source is not there (NotFound)."""

    def __init__(
        self, store: DataSourceStore, *, secrets: Secrets, places: Places, outbox: Outbox, clock: Clock
    ) -> None:
        self._store = store
        self._secrets = secrets
        self._places = places
        self._outbox = outbox
        self._clock = clock

    async def page(
        self, caller: Principal, filters: Mapping[str, str], after: int, limit: int, words: str | None = None
    ) -> list[DataSourceRow]:
        """By their ids, behind `after`."""
        return await self._store.page(caller.organisation_id, filters, after, limit, words)

    async def get(self, caller: Principal, source: int) -> DataSourceRow:
        """Raises NotFound."""
        row = await self._store.get(caller.organisation_id, source)
        if row is None:
            raise NotFound
        return row

    async def create(self, caller: Principal, new: NewDataSource, note: Note = no_note) -> DataSourceRow:
        """Raises Invalid, and Conflict for a name that is taken, or one source too many."""
        draft = self.draft(caller, new)
        await self.check(draft)
        record = self._outbox.record(caller.actor)
        password = new.password_secret.get_secret_value() if new.password_secret is not None else None

        def seal(source: int) -> str | None:
            return self._secrets.seal(password, source) if password else None

        try:
            row = await self._store.create(
                draft,
                seal,
                MOST_SOURCES,
                note,
                lambda connection, row: record(connection, SourceCreated(**_about(row), source=source_state(row))),
            )
        except SourceNameTaken:
            raise _taken(new.name) from None
        except TooManySources:
            raise Conflict(f"The organisation has {MOST_SOURCES} data sources already; remove one first.") from None
        self._outbox.published(record)
        return row

    def draft(self, caller: Principal, new: NewDataSource) -> DataSourceRow:
        """The row that it would be, without an id and a secret."""
        now = self._clock.now()
        same = new.model_dump(exclude={"password_secret", "port", "options"})
        return DataSourceRow(
            **same,
            id=0,
            organisation_id=caller.organisation_id,
            port=new.port or DEFAULT_PORTS.get(new.source_type),
            options=_options(new.options),
            secret=None,
            status="pending",
            status_reason=None,
            status_at=now,
            version=1,
            created_by=caller.user_id,
            created_at=now,
            updated_at=now,
            deleted_at=None,
        )

    async def change(self, caller: Principal, source: int, changes: DataSourceChanges) -> DataSourceRow:
        """Raises NotFound, Invalid, and Conflict when somebody has changed it since `changes.version`."""
        row = await self.get(caller, source)
        if changes.version is not None and changes.version != row.version:
            raise Conflict(details=[FieldIssue("version", f"is {row.version} by now", changes.version)])
        values = _changed(row, changes)
        if changes.password_secret is not None:
            password = changes.password_secret.get_secret_value()
            values["secret"] = self._secrets.seal(password, row.id) if password else None
        if not values:
            return row
        if row.secret is not None and "secret" not in values and ELSEWHERE & values.keys():
            raise Invalid(details=[FieldIssue("password_secret", "must be given again when it is sent elsewhere")])
        after = replace(row, **values)
        await self.check(after)
        record = self._outbox.record(caller.actor)
        names = sorted("password" if name == "secret" else name for name in values)

        def also(connection: Connection, now: DataSourceRow) -> None:
            record(connection, SourceUpdated(**_about(now), source=source_state(now), changed=names))

        if {"host", "port", "username", "secret", "database_name", "use_encryption", "options"} & values.keys():
            values |= {"status": "pending", "status_reason": None, "status_at": self._clock.now()}
        values["updated_at"] = self._clock.now()
        try:
            found = await self._store.change(caller.organisation_id, source, values, row.version, also)
        except SourceNameTaken:
            raise _taken(after.name) from None
        if found is None:
            raise Conflict
        self._outbox.published(record)
        return found

    async def delete(self, caller: Principal, source: int) -> None:
        """It is not watched any more. Raises NotFound."""
        record = self._outbox.record(caller.actor)

        def also(connection: Connection, row: DataSourceRow) -> None:
            record(connection, SourceDeleted(**_about(row)))

        if not await self._store.delete(caller.organisation_id, source, self._clock.now(), also):
            raise NotFound
        self._outbox.published(record)

    async def check(self, row: DataSourceRow) -> None:
        """Could it be a source? Raises Invalid."""
        check_address(type_of(row), row.host, row.database_name)
        try:
            await self._places.check(row.organisation_id, row.source_type, row.host)
        except SourceRefused as refused:
            raise Invalid(refused.message, details=[FieldIssue("host", refused.message)]) from None


def _about(row: DataSourceRow) -> dict[str, Any]:
    return {"data_source_id": row.id, "data_source_name": row.name}


def _options(options: SourceOptions) -> dict[str, Any]:
    return options.model_dump(exclude_none=True)


def _changed(row: DataSourceRow, changes: DataSourceChanges) -> dict[str, Any]:
    """Columns that are given and are not so yet. What may not be missing is not taken away by null."""
    may_be_missing = {"port", "username", "database_name", "owner", "team"}
    given = changes.model_dump(exclude_unset=True, exclude={"version", "password_secret", "options"})
    if changes.options is not None:
        given["options"] = _options(changes.options)
    return {
        name: value
        for name, value in given.items()
        if value != getattr(row, name) and (value is not None or name in may_be_missing)
    }


def _taken(name: str) -> Conflict:
    return Conflict(details=[FieldIssue("name", "is the name of another data source", name)])
