"""Thresholds for people: set, changed, and taken away with the alerts that rest on them."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from persistence.alert_rows import live_of_threshold
from persistence.answers import Note, no_note
from persistence.data_sources import DataSourceRow, DataSourceStore
from persistence.threshold_states import forget_states
from persistence.thresholds import ThresholdRow, ThresholdStore, ThresholdTaken, TooManyThresholds
from server.clock import Clock
from server.errors import Conflict, FieldIssue, Invalid, NotFound
from server.events.alerts import ThresholdChanged, ThresholdCreated, ThresholdDeleted
from server.events.model import Actor
from server.events.outbox import Outbox, Record, Told
from server.identity.principal import Principal
from server.performance.alerts.book import AlertBook
from server.performance.alerts.model import Condition, NewThreshold, ThresholdChanges
from server.performance.alerts.views import threshold_state
from server.sources.metrics import ALIASES, METRICS, is_custom, metric_names
from server.sources.views import type_of

__all__ = ["MOST_THRESHOLDS", "ThresholdService"]

MOST_THRESHOLDS = 2_000
"""In one organisation."""
FIELDS = {"for": "for_seconds", "keep_firing": "keep_firing_seconds", "clear_at": "clear_at"}


class ThresholdService:
    def __init__(self, store: ThresholdStore, sources: DataSourceStore, *, outbox: Outbox, clock: Clock) -> None:
        self._store = store
        self._sources = sources
        self._outbox = outbox
        self._clock = clock

    async def page(self, caller: Principal, source: int | None, after: int, limit: int) -> list[ThresholdRow]:
        """By their ids. `source`: those that concern it. Raises NotFound for one that is not there."""
        if source is not None:
            await self._source(caller, source)
        return await self._store.page(caller.organisation_id, source, after, limit)

    async def get(self, caller: Principal, threshold: int) -> ThresholdRow:
        """Raises NotFound."""
        row = await self._store.get(caller.organisation_id, threshold)
        if row is None:
            raise NotFound
        return row

    async def create(self, caller: Principal, new: NewThreshold, note: Note = no_note) -> ThresholdRow:
        """Raises Invalid, NotFound (of the source), and Conflict where there is one of this metric and operator."""
        metric = ALIASES.get(new.metric_name, new.metric_name)
        source = await self._source(caller, new.data_source_id) if new.data_source_id is not None else None
        _check_metric(metric, source)
        now = self._clock.now()
        row = ThresholdRow(
            id=0,
            organisation_id=caller.organisation_id,
            source_id=source.id if source is not None else None,
            metric_name=metric,
            operator=new.operator,
            warning=new.warning_threshold,
            critical=new.critical_threshold,
            **_conditions(new.conditions),
            labels=new.labels,
            enabled=new.enabled,
            version=1,
            created_by=caller.user_id,
            created_at=now,
            updated_at=now,
        )
        _check_levels(row)
        record = self._outbox.record(caller.actor)

        def also(connection: Connection, made: ThresholdRow) -> None:
            record(connection, ThresholdCreated(threshold=threshold_state(made)))

        try:
            made = await self._store.create(row, MOST_THRESHOLDS, note, also)
        except ThresholdTaken:
            raise _taken(new) from None
        except TooManyThresholds:
            raise Conflict(f"The organisation has {MOST_THRESHOLDS} thresholds already; remove one first.") from None
        self._outbox.published(record)
        return made

    async def change(self, caller: Principal, threshold: int, changes: ThresholdChanges) -> ThresholdRow:
        """Raises NotFound, Invalid, and Conflict when somebody has changed it since `changes.version`."""
        row = await self.get(caller, threshold)
        if changes.version is not None and changes.version != row.version:
            raise Conflict(details=[FieldIssue("version", f"is {row.version} by now", changes.version)])
        values = _changed(row, changes)
        if not values:
            return row
        _check_levels(ThresholdRow(**{**asdict(row), **values}))
        now, record = self._clock.now(), self._outbox.record_of(())

        def also(connection: Connection, changed: ThresholdRow) -> None:
            told = [] if changed.enabled else _ended(connection, changed.id, caller.actor, now, "disabled")
            event = ThresholdChanged(threshold=threshold_state(changed), changed=sorted(values))
            record.write(connection, [(caller.actor, event), *told])

        found = await self._store.change(
            caller.organisation_id, threshold, {**values, "updated_at": now}, row.version, also
        )
        if found is None:
            raise Conflict
        self._outbox.published(record)
        return found

    async def delete(self, caller: Principal, threshold: int) -> None:
        """Raises NotFound."""
        now, record = self._clock.now(), self._outbox.record_of(())

        def also(connection: Connection, row: ThresholdRow) -> None:
            told = _ended(connection, row.id, caller.actor, now, "removed")
            record.write(connection, [(caller.actor, ThresholdDeleted(threshold=threshold_state(row))), *told])

        if not await self._store.delete(caller.organisation_id, threshold, also):
            raise NotFound
        self._published(record)

    def _published(self, record: Record) -> None:
        self._outbox.published(record)

    async def _source(self, caller: Principal, source: int) -> DataSourceRow:
        row = await self._sources.get(caller.organisation_id, source)
        if row is None:
            raise NotFound("There is no such data source.")
        return row


def _ended(connection: Connection, threshold: int, actor: Actor, now: datetime, how: str) -> list[Told]:
    """Its alerts are resolved by whoever has taken it out of force."""
    rows = live_of_threshold(connection, threshold)
    book = AlertBook(connection, {row.fingerprint: row for row in rows})
    for row in rows:
        book.resolve(actor, row, now, f"Its threshold was {how}.", is_firing=row.is_firing)
    forget_states(connection, threshold)
    return book.told


def _conditions(conditions: list[Condition]) -> dict[str, Any]:
    found: dict[str, Any] = {"for_seconds": 0.0, "keep_firing_seconds": 0.0, "clear_at": None}
    return found | {FIELDS[each.type]: each.value for each in conditions}


def _changed(row: ThresholdRow, changes: ThresholdChanges) -> dict[str, Any]:
    """Columns that are given and are not so yet."""
    given: dict[str, Any] = {
        "warning": changes.warning_threshold,
        "critical": changes.critical_threshold,
        "labels": changes.labels,
        "enabled": changes.enabled,
    }
    values = {name: value for name, value in given.items() if value is not None}
    if changes.conditions is not None:
        values |= _conditions(changes.conditions)
    return {name: value for name, value in values.items() if value != getattr(row, name)}


def _check_metric(metric: str, source: DataSourceRow | None) -> None:
    """Raises Invalid with what there is instead."""
    if is_custom(metric):
        return
    possible: tuple[str, ...] = tuple(METRICS)
    if source is not None:
        possible = metric_names(type_of(source), source.options)
    if metric not in possible:
        whose = source.name if source is not None else "a data source"
        issue = f"is not what {whose} can deliver; there are: {', '.join(possible)}"
        raise Invalid(details=[FieldIssue("metric_name", issue, metric)])


def _check_levels(row: ThresholdRow) -> None:
    """Raises Invalid: a warning comes before what is critical, and it is over on the good side of the warning."""
    sign = {"gt": 1, "lt": -1}.get(row.operator)
    if sign is None:
        if row.clear_at is not None:
            raise Invalid(details=[FieldIssue("conditions", f"has no clear_at with {row.operator}", row.clear_at)])
        return
    if sign * row.warning > sign * row.critical:
        than = "more" if sign > 0 else "less"
        issue = f"must not be {than} than critical_threshold with the operator {row.operator}"
        raise Invalid(details=[FieldIssue("warning_threshold", issue, row.warning)])
    if row.clear_at is not None and sign * row.clear_at > sign * row.warning:
        raise Invalid(details=[FieldIssue("conditions", "has a clear_at on the bad side of the warning", row.clear_at)])


def _taken(new: NewThreshold) -> Conflict:
    issue = "has a threshold with this operator for this source already; change that one"
    return Conflict(details=[FieldIssue("metric_name", issue, new.metric_name)])
