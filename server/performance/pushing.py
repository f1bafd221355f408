"""Samples that others have measured: stored, judged and told as our own are."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from sqlalchemy import Connection

from persistence.data_sources import DataSourceRow
from persistence.monitors import MonitorRow, MonitorStore
from persistence.samples import Judge as StoreJudge
from persistence.samples import SampleRow, SampleStore
from server.clock import Clock
from server.errors import Conflict, FieldIssue, Invalid
from server.events.outbox import Outbox, Record
from server.identity.principal import Principal
from server.performance.judging import Judge
from server.performance.model import PushedSample
from server.performance.monitoring import new_monitor
from server.performance.telling import Teller
from server.sources.metrics import METRICS, is_custom

__all__ = ["Pushing"]

USUAL_INTERVAL = 60.0
"""Of a source that is only pushed to: a reading that is three of them old is no figure of now."""
Rated: TypeAlias = Callable[[Mapping[str, Any]], tuple[dict[str, float], dict[str, Any]]]
"""From what was received before to readings, and what the next ones are compared with."""
OLDEST, NEWEST = timedelta(minutes=5), timedelta(seconds=60)


class Pushing:
    def __init__(
        self,
        samples: SampleStore,
        monitors: MonitorStore,
        judges: Sequence[Judge],
        *,
        outbox: Outbox,
        clock: Clock,
        teller: Teller,
    ) -> None:
        self._samples = samples
        self._monitors = monitors
        self._judges = tuple(judges)
        self._outbox = outbox
        self._clock = clock
        self._teller = teller

    async def push(self, caller: Principal, source: DataSourceRow, pushed: PushedSample) -> SampleRow:
        """Raises Invalid, and Conflict where the source has a sample of that very moment."""
        at = self._moment(pushed.at)
        for name in pushed.metrics:
            if name not in METRICS and not is_custom(name):
                issue = f"names none of {', '.join(METRICS)}, nor custom. and small letters, digits, _ and dots"
                raise Invalid(details=[FieldIssue("metrics", issue, name)])
        await self._monitors.receive(_received(source, caller, at))
        sample = _sample(source, at, pushed.metrics)
        record = self._outbox.record_of(())
        if not await self._samples.push(sample, self._judge(record)):
            raise Conflict(f"There is a sample of {at.isoformat()} already.")
        self._outbox.published(record)
        self._teller.told(source.organisation_id, sample)
        return sample

    async def receive(self, caller: Principal, source: DataSourceRow, at: datetime | None, rated: Rated) -> None:
        """What rests on what was received before, and may come in parts. Raises Invalid for a moment that is none."""
        moment, record = self._moment(at), self._outbox.record_of(())
        await self._monitors.receive(_received(source, caller, moment))

        def rate(received: Mapping[str, Any]) -> tuple[SampleRow, Mapping[str, Any]]:
            readings, keep = rated(received)
            return _sample(source, moment, readings), keep

        sample = await self._samples.receive(source.id, rate, self._judge(record))
        if sample is not None:
            self._outbox.published(record)
            self._teller.told(source.organisation_id, sample)

    def _judge(self, record: Record) -> StoreJudge:
        def judge(connection: Connection, stored: Sequence[SampleRow]) -> None:
            record.write(connection, [each for judge in self._judges for each in judge.judge(connection, stored)])

        return judge

    def _moment(self, at: datetime | None) -> datetime:
        now = self._clock.now()
        if at is None:
            return now
        if at.tzinfo is None or not now - OLDEST <= at <= now + NEWEST:
            issue = "must have a time zone, and be of the last five minutes"
            raise Invalid(details=[FieldIssue("at", issue, at.isoformat())])
        return at


def _sample(source: DataSourceRow, at: datetime, readings: Mapping[str, float]) -> SampleRow:
    return SampleRow(source.id, at, "pushed", 0.0, readings, {}, None)


def _received(source: DataSourceRow, caller: Principal, at: datetime) -> MonitorRow:
    return new_monitor(source, caller, at, USUAL_INTERVAL, None, state="pushed")
