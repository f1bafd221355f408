"""Monitoring for people: begun, paused, stopped, and seen."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection

from persistence.data_sources import DataSourceRow, DataSourceStore
from persistence.monitors import MonitorRow, MonitorStore
from server.clock import Clock
from server.errors import FieldIssue, Invalid, NotFound
from server.events.outbox import Outbox
from server.events.sources import SourceMonitored
from server.identity.principal import Principal
from server.performance.model import MOST_IN_ONE_CALL, StartMonitoring
from server.sources.metrics import ALIASES, metric_names
from server.sources.views import type_of

__all__ = ["Monitoring", "new_monitor", "next_sample_at"]


class Monitoring:
    """`changed` is called after each change: whoever samples looks at once."""

    def __init__(
        self,
        monitors: MonitorStore,
        sources: DataSourceStore,
        *,
        outbox: Outbox,
        clock: Clock,
        changed: Callable[[], None],
    ) -> None:
        self._monitors = monitors
        self._sources = sources
        self._outbox = outbox
        self._clock = clock
        self._changed = changed

    async def page(self, caller: Principal, after: int, limit: int) -> list[MonitorRow]:
        return await self._monitors.page(caller.organisation_id, after, limit)

    async def start(self, caller: Principal, asked: StartMonitoring) -> list[MonitorRow]:
        """Begin, or go on with another interval. Raises NotFound, and Invalid for a metric that a source lacks."""
        sources = await self._asked_for(caller, asked.data_source_ids)
        metrics = _checked(sources, asked.metrics)
        now = self._clock.now()
        names = {source.id: source.name for source in sources}
        record = self._outbox.record(caller.actor)

        def also(connection: Connection, rows: Sequence[MonitorRow]) -> None:
            record(connection, *(_told(row, names[row.source_id]) for row in rows))

        new = [new_monitor(source, caller, now, asked.interval, metrics) for source in sources]
        rows = await self._monitors.start(new, also)
        self._outbox.published(record)
        self._changed()
        return rows

    async def stop(self, caller: Principal, source: int, state: Literal["paused", "stopped"]) -> MonitorRow | None:
        """None: it was never begun, which is as good. A repeat changes nothing. Raises NotFound."""
        row = await self._sources.get(caller.organisation_id, source)
        if row is None:
            raise NotFound
        record = self._outbox.record(caller.actor)

        def also(connection: Connection, stopped: MonitorRow) -> None:
            record(connection, _told(stopped, row.name))

        found = await self._monitors.stop(source, state, self._clock.now(), also)
        self._outbox.published(record)
        self._changed()
        return found

    async def _asked_for(self, caller: Principal, ids: Sequence[int] | None) -> list[DataSourceRow]:
        if ids is None:
            return await self._sources.page(caller.organisation_id, {}, 0, MOST_IN_ONE_CALL)
        found = [await self._sources.get(caller.organisation_id, each) for each in dict.fromkeys(ids)]
        if None in found:
            raise NotFound
        return [each for each in found if each is not None]


def next_sample_at(row: MonitorRow, now: datetime) -> datetime | None:
    """When the next sample is due; None where none is. What is overdue is due now."""
    if row.state != "running":
        return None
    due = now if row.last_at is None else row.last_at + timedelta(seconds=row.interval_seconds)
    return max(due, now, row.slow_until or now)


def _checked(sources: Sequence[DataSourceRow], metrics: Sequence[str] | None) -> list[str] | None:
    """The metrics under their own names, each once. Raises Invalid for one that a source cannot deliver."""
    if not metrics:
        return None
    wanted = list(dict.fromkeys(ALIASES.get(name, name) for name in metrics))
    for source in sources:
        possible = metric_names(type_of(source), source.options)
        for name in wanted:
            if name not in possible:
                issue = f"is not what {source.name} can deliver; it can: {', '.join(possible)}"
                raise Invalid(details=[FieldIssue("metrics", issue, name)])
    return wanted


def new_monitor(
    source: DataSourceRow,
    caller: Principal,
    now: datetime,
    interval: float,
    metrics: Sequence[str] | None,
    *,
    state: str = "running",
) -> MonitorRow:
    return MonitorRow(
        source_id=source.id,
        organisation_id=source.organisation_id,
        state=state,
        interval_seconds=interval,
        metrics=metrics,
        started_at=now,
        started_by=caller.user_id,
        stopped_at=None,
        samples_taken=0,
        failures_in_a_row=0,
        last_at=None,
        last_seconds=None,
        last_error=None,
        slow_until=None,
        carried={},
        rolled_300=None,
        rolled_3600=None,
        node_id=None,
        fence=0,
    )


def _told(row: MonitorRow, name: str) -> SourceMonitored:
    return SourceMonitored(
        data_source_id=row.source_id,
        data_source_name=name,
        state=row.state,
        interval_seconds=row.interval_seconds,
        metrics=list(row.metrics) if row.metrics is not None else None,
    )
