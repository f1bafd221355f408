"""Samples as rows, and the rollups of 5 minutes and of an hour that outlive them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeAlias

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from persistence.database import Database
from persistence.tables.samples import rollups, samples
from persistence.tables.sources import monitors

__all__ = ["COARSE", "FINE", "Point", "SampleRow", "SampleStore", "TakenSample"]

FINE, COARSE = 300, 3600
"""Widths of rollups, in seconds."""
S, R, M = samples.c, rollups.c, monitors.c
Figures: TypeAlias = list[float]
"""count, min, max, sum, last"""


@dataclass(frozen=True, slots=True)
class SampleRow:
    """`state`: up, down or slow. `readings`: by metric. `missing`: metrics that could not be read, and why."""

    source_id: int
    at: datetime
    state: str
    seconds: float
    readings: Mapping[str, float]
    missing: Mapping[str, str]
    reason: str | None


@dataclass(frozen=True, slots=True)
class TakenSample:
    """A sample by whoever holds the monitor, and what its row is afterwards. `fence`: as the holder read it."""

    organisation_id: str
    sample: SampleRow
    node_id: str
    fence: int
    carried: Mapping[str, Any]
    failures_in_a_row: int
    slow_until: datetime | None


@dataclass(frozen=True, slots=True)
class Point:
    """`value`: the mean of `count` readings from `at` on."""

    at: datetime
    value: float
    min: float
    max: float
    count: int


Judge: TypeAlias = Callable[[Connection, Sequence[SampleRow]], None]
"""What follows from samples that are stored now, in their transaction; called again where the store tries again."""


def nobody_judges(_: Connection, __: Sequence[SampleRow]) -> None:
    return None


class SampleStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def take(self, taken: Sequence[TakenSample], judge: Judge = nobody_judges) -> list[bool]:
        """Store samples in one transaction, with what `judge` makes of those that were stored.

        The answer, in their order: was it stored? Not where another node holds the monitor, or it was changed.
        """

        def work(connection: Connection) -> list[bool]:
            counts = [_count(connection, each) for each in taken]
            stored = [each.sample for each, counted in zip(taken, counts, strict=True) if counted]
            if stored:
                connection.execute(insert(samples), [_values(sample) for sample in stored])
                judge(connection, stored)
            return counts

        return await self._database.write(work)

    async def push(self, sample: SampleRow, judge: Judge = nobody_judges) -> bool:
        """One that was measured elsewhere. False: the source has a sample of that moment."""

        def work(connection: Connection) -> None:
            connection.execute(insert(samples).values(_values(sample)))
            judge(connection, [sample])

        try:
            await self._database.write(work)
        except IntegrityError:
            return False
        return True

    async def last(self, source: int) -> SampleRow | None:
        query = select(samples).where(S.source_id == source).order_by(S.at.desc()).limit(1)
        row = await self._database.read(lambda connection: connection.execute(query).first())
        return SampleRow(*row) if row is not None else None

    async def points(
        self, source: int, metrics: Sequence[str], start: datetime, end: datetime, width: int
    ) -> dict[str, list[Point]]:
        """By metric, oldest first, from `start` to before `end`. `width`: 0 for samples, FINE or COARSE for rollups."""
        if width:
            query = select(R.at, R.readings).where(R.source_id == source, R.width == width, R.at >= start, R.at < end)
            query = query.order_by(R.at)
        else:
            query = select(S.at, S.readings).where(S.source_id == source, S.at >= start, S.at < end).order_by(S.at)
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        found: dict[str, list[Point]] = {name: [] for name in metrics}
        for at, readings in rows:
            for name in metrics:
                if (value := readings.get(name)) is not None:
                    found[name].append(_point(at, value))
        return found

    async def roll_up(self, source: int, until: datetime) -> int:
        """Put what is over before `until` into rollups of both widths; the answer is how many were written.

        Samples that come later for a time that is rolled up already (by `push`) are in no rollup.
        """

        def work(connection: Connection) -> int:
            marks = select(M.rolled_300, M.rolled_3600).where(M.source_id == source).with_for_update()
            known = connection.execute(marks).first()
            if known is None:
                return 0
            fine = _roll(connection, source, FINE, known.rolled_300, until)
            coarse = _roll(connection, source, COARSE, known.rolled_3600, until)
            rolled = {"rolled_300": _floor(until, FINE), "rolled_3600": _floor(until, COARSE)}
            connection.execute(update(monitors).where(M.source_id == source).values(rolled))
            return fine + coarse

        return await self._database.write(work)

    async def purge(self, samples_before: datetime, fine_before: datetime, coarse_before: datetime) -> int:
        """Drop what is older; samples only where they stand in rollups. The answer is how many rows went."""

        def work(connection: Connection) -> int:
            waits = M.rolled_3600.is_(None) | (M.rolled_3600 <= S.at)
            needed = select(M.source_id).where(M.source_id == S.source_id, waits).exists()
            gone = connection.execute(delete(samples).where(S.at < samples_before, ~needed)).rowcount
            for width, before in ((FINE, fine_before), (COARSE, coarse_before)):
                gone += connection.execute(delete(rollups).where(R.width == width, R.at < before)).rowcount
            return gone

        return await self._database.write(work)


def _count(connection: Connection, each: TakenSample) -> bool:
    """Count it at its monitor, if that is still the holder's."""
    sample = each.sample
    held = (M.source_id == sample.source_id) & (M.node_id == each.node_id) & (M.fence == each.fence)
    values = {
        "samples_taken": M.samples_taken + 1,
        "failures_in_a_row": each.failures_in_a_row,
        "last_at": sample.at,
        "last_seconds": sample.seconds,
        "last_error": sample.reason,
        "slow_until": each.slow_until,
        "carried": dict(each.carried),
    }
    return connection.execute(update(monitors).where(held, M.state == "running").values(values)).rowcount == 1


def _values(sample: SampleRow) -> dict[str, Any]:
    values = {name: getattr(sample, name) for name in SampleRow.__dataclass_fields__}
    return values | {"readings": dict(sample.readings), "missing": dict(sample.missing)}


def _point(at: datetime, value: Any) -> Point:
    """Of a sample's number, or of a rollup's figures."""
    if isinstance(value, list):
        count, low, high, total, _ = value
        return Point(at, total / count, low, high, int(count))
    return Point(at, value, value, value, 1)


def _floor(at: datetime, width: int) -> datetime:
    return datetime.fromtimestamp(at.timestamp() // width * width, UTC)


def _roll(connection: Connection, source: int, width: int, since: datetime | None, until: datetime) -> int:
    query = select(S.at, S.state, S.readings).where(S.source_id == source, S.at < _floor(until, width))
    if since is not None:
        query = query.where(S.at >= since)
    rows = [
        {"source_id": source, "width": width, **bucket}
        for bucket in _buckets(connection.execute(query.order_by(S.at)).all(), width)
    ]
    if rows:
        connection.execute(insert(rollups), rows)
    return len(rows)


def _buckets(rows: Iterable[Any], width: int) -> Iterable[dict[str, Any]]:
    """Rollups of samples that come in the order of their times."""
    found: dict[datetime, dict[str, Any]] = {}
    for at, state, readings in rows:
        start = _floor(at, width)
        bucket = found.setdefault(start, {"at": start, "up": 0, "samples": 0, "readings": {}})
        bucket["samples"] += 1
        bucket["up"] += state == "up"
        for name, value in readings.items():
            bucket["readings"][name] = _with(bucket["readings"].get(name), value)
    return found.values()


def _with(figures: Figures | None, value: float) -> Figures:
    if figures is None:
        return [1, value, value, value, value]
    count, low, high, total, _ = figures
    return [count + 1, min(low, value), max(high, value), total + value, value]
