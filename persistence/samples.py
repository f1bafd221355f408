"""Samples as rows, and the rollups of 5 minutes and of an hour that outlive them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from persistence.buckets import COARSE, FINE, buckets, floored
from persistence.database import Database
from persistence.tables.samples import rollups, samples
from persistence.tables.sources import monitors

__all__ = ["SampleRow", "SampleStore", "TakenSample"]

S, R, M = samples.c, rollups.c, monitors.c


@dataclass(frozen=True, slots=True)
class SampleRow:
    """state     up, down, slow, or pushed (measured elsewhere, and sent to us)
    readings  by metric
    missing   metrics that could not be read, and why
    """

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


Judge: TypeAlias = Callable[[Connection, Sequence[SampleRow]], None]
"""What follows from samples that are stored now, in their transaction; called again where the store tries again."""

Rate: TypeAlias = Callable[[Mapping[str, Any]], tuple[SampleRow, Mapping[str, Any]]]
"""From what was received before to the sample, and what the next one is compared with."""


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
            counted = {"last_at": sample.at, "samples_taken": M.samples_taken + 1}
            pushed = (M.source_id == sample.source_id) & (M.state == "pushed")
            connection.execute(update(monitors).where(pushed).values(counted))
            judge(connection, [sample])

        try:
            await self._database.write(work)
        except IntegrityError:
            return False
        return True

    async def receive(self, source: int, rate: Rate, judge: Judge = nobody_judges) -> SampleRow | None:
        """One that was measured elsewhere and rests on what was received before, which `rate` is given.

        What comes for the moment of a sample that is there is added to that one. None: nothing can be said yet.
        """

        def work(connection: Connection) -> SampleRow | None:
            kept = select(M.received).where(M.source_id == source).with_for_update()
            sample, received = rate(connection.execute(kept).scalar_one())
            connection.execute(update(monitors).where(M.source_id == source).values(received=dict(received)))
            if not sample.readings:
                return None
            there = (S.source_id == source) & (S.at == sample.at)
            row = connection.execute(select(samples).where(there)).first()
            if row is not None:
                whole = {**row.readings, **sample.readings}
                connection.execute(update(samples).where(there).values(readings=whole))
                stored = SampleRow(**{**row._mapping, "readings": whole})  # noqa: SLF001 - public in spite of its name
            else:
                connection.execute(insert(samples).values(_values(sample)))
                stored = sample
            counted = {"last_at": sample.at, "samples_taken": M.samples_taken + (row is None)}
            pushed = (M.source_id == source) & (M.state == "pushed")
            connection.execute(update(monitors).where(pushed).values(counted))
            judge(connection, [stored])
            return stored

        return await self._database.write(work)

    async def newest(self, source: int, since: datetime, most: int) -> list[SampleRow]:
        """The last ones of this time, the newest first."""
        query = select(samples).where(S.source_id == source, S.at >= since).order_by(S.at.desc()).limit(most)
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [SampleRow(*row) for row in rows]

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
            rolled = {"rolled_300": floored(until, FINE), "rolled_3600": floored(until, COARSE)}
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


def _roll(connection: Connection, source: int, width: int, since: datetime | None, until: datetime) -> int:
    query = select(S.at, S.state, S.readings).where(S.source_id == source, S.at < floored(until, width))
    if since is not None:
        query = query.where(S.at >= since)
    rows = [
        {"source_id": source, "width": width, **asdict(bucket)}
        for bucket in buckets(connection.execute(query.order_by(S.at)).all(), width)
    ]
    if rows:
        connection.execute(insert(rollups), rows)
    return len(rows)
