"""Thresholds as rows: of one source, or of every source of the organisation that can deliver the metric."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from persistence.answers import Note, no_note
from persistence.counters import next_number
from persistence.database import Database
from persistence.events import AlsoKnowing, nothing_else
from persistence.tables.alerts import threshold_states, thresholds
from persistence.tables.sources import data_sources

__all__ = ["ThresholdRow", "ThresholdStore", "ThresholdTaken", "TooManyThresholds", "thresholds_of"]

T, D = thresholds.c, data_sources.c


class ThresholdTaken(Exception):
    """There is one of this metric, source and operator."""


class TooManyThresholds(Exception):
    """The organisation has as many as it may have."""


@dataclass(frozen=True, slots=True)
class ThresholdRow:
    """source_id          None: every source of the organisation
    operator           gt, lt, eq or ne
    for_seconds        how long it must hold before it fires
    keep_firing_seconds  how long it must be over before it stops
    clear_at           it is over only beyond this; None: where it fires
    """

    id: int
    organisation_id: str
    source_id: int | None
    metric_name: str
    operator: str
    warning: float
    critical: float
    for_seconds: float
    keep_firing_seconds: float
    clear_at: float | None
    labels: Mapping[str, str]
    enabled: bool
    version: int
    created_by: str
    created_at: datetime
    updated_at: datetime


THRESHOLD = tuple(T[name] for name in ThresholdRow.__dataclass_fields__)


class ThresholdStore:
    """Every question of people names the organisation."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(
        self, new: ThresholdRow, most: int, note: Note = no_note, also: AlsoKnowing[ThresholdRow] = nothing_else
    ) -> ThresholdRow:
        """`new` with an id of its own. Raises ThresholdTaken, TooManyThresholds."""

        def work(connection: Connection) -> ThresholdRow:
            count = select(func.count()).where(T.organisation_id == new.organisation_id)
            if connection.execute(count).scalar_one() >= most:
                raise TooManyThresholds
            row = replace(new, id=next_number(connection, "threshold"))
            try:
                connection.execute(insert(thresholds).values(_values(row)))
            except IntegrityError:
                raise ThresholdTaken from None
            note(connection, str(row.id))
            also(connection, row)
            return row

        return await self._database.write(work)

    async def get(self, organisation: str, threshold: int) -> ThresholdRow | None:
        query = select(*THRESHOLD).where(T.organisation_id == organisation, T.id == threshold)
        row = await self._database.read(lambda connection: connection.execute(query).first())
        return _threshold(row) if row is not None else None

    async def page(self, organisation: str, source: int | None, after: int, limit: int) -> list[ThresholdRow]:
        """By their ids, behind `after`. `source`: those that concern it, those of every source among them."""
        query = select(*THRESHOLD).where(T.organisation_id == organisation, T.id > after)
        if source is not None:
            query = query.where(T.source_key.in_((0, source)))
        query = query.order_by(T.id).limit(limit)
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [_threshold(row) for row in rows]

    async def in_force(self, source: int) -> list[ThresholdRow]:
        found = await self._database.read(lambda connection: thresholds_of(connection, [source]))
        return found.get(source, [])

    async def change(
        self,
        organisation: str,
        threshold: int,
        changes: Mapping[str, Any],
        version: int,
        also: AlsoKnowing[ThresholdRow] = nothing_else,
    ) -> ThresholdRow | None:
        """The row as it is then; None when it is gone or has another version. What it has found is looked at anew."""

        def work(connection: Connection) -> ThresholdRow | None:
            mine = (T.organisation_id == organisation) & (T.id == threshold) & (T.version == version)
            values = {**changes, "version": version + 1}
            if not connection.execute(update(thresholds).where(mine).values(values)).rowcount:
                return None
            pending = (threshold_states.c.threshold_id == threshold) & (threshold_states.c.state != "firing")
            connection.execute(delete(threshold_states).where(pending))
            row = _threshold(connection.execute(select(*THRESHOLD).where(T.id == threshold)).one())
            also(connection, row)
            return row

        return await self._database.write(work)

    async def delete(self, organisation: str, threshold: int, also: AlsoKnowing[ThresholdRow] = nothing_else) -> bool:
        """False when it is not there. Its alerts stay, as a history."""

        def work(connection: Connection) -> bool:
            mine = (T.organisation_id == organisation) & (T.id == threshold)
            row = connection.execute(select(*THRESHOLD).where(mine).with_for_update()).first()
            if row is None:
                return False
            also(connection, _threshold(row))
            connection.execute(delete(thresholds).where(mine))
            return True

        return await self._database.write(work)


def thresholds_of(connection: Connection, sources: Sequence[int]) -> dict[int, list[ThresholdRow]]:
    """Those in force, by source. Where a metric has one of its own, those of every source do not count for it."""
    query = (
        select(D.id.label("of_source"), *THRESHOLD)
        .join(thresholds, (T.organisation_id == D.organisation_id) & T.source_key.in_((0, D.id)))
        .where(D.id.in_(sources), D.deleted_at.is_(None))
        .order_by(D.id, T.id)
    )
    found: dict[int, list[ThresholdRow]] = {}
    for of_source, *values in connection.execute(query):
        found.setdefault(of_source, []).append(ThresholdRow(*values))
    return {source: _in_force(rows) for source, rows in found.items()}


def _in_force(rows: Sequence[ThresholdRow]) -> list[ThresholdRow]:
    own = {(row.metric_name, row.operator) for row in rows if row.source_id is not None}
    return [
        row for row in rows if row.enabled and (row.source_id is not None or (row.metric_name, row.operator) not in own)
    ]


def _values(row: ThresholdRow) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in ThresholdRow.__dataclass_fields__}
    return values | {"labels": dict(row.labels), "source_key": row.source_id or 0}


def _threshold(row: Row[Any]) -> ThresholdRow:
    return ThresholdRow(**row._mapping)  # noqa: SLF001 - public in spite of its name
