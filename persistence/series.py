"""What a source has measured over a time: rollups where there are some, and samples for what is not rolled up yet."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from persistence.buckets import COARSE, FINE, Bucket, buckets, floored
from persistence.database import Database
from persistence.tables.samples import rollups, samples
from persistence.tables.sources import monitors

__all__ = ["Point", "Series", "SeriesStore"]

S, R, M = samples.c, rollups.c, monitors.c


@dataclass(frozen=True, slots=True)
class Point:
    """`value`: the mean of `count` readings from `at` on, for the step of the series."""

    at: datetime
    value: float
    min: float
    max: float
    count: int


@dataclass(frozen=True, slots=True)
class Series:
    """points   by metric, oldest first; a stretch of time without a reading has no point
    samples  how many were taken, and in how many of them the source was `up`
    """

    points: Mapping[str, Sequence[Point]]
    samples: int
    up: int


class SeriesStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(
        self, source: int, start: datetime, end: datetime, step: int, metrics: Sequence[str] | None = None
    ) -> Series:
        """From `start` to before `end`, a point for each `step` seconds. `metrics` None: all that there are.

        Steps of whole hours or of whole 5 minutes are read from rollups, as far as there are any.
        """
        wanted = frozenset(metrics) if metrics is not None else None

        def work(connection: Connection) -> Series:
            found: dict[datetime, Bucket] = {}
            for piece in _pieces(connection, source, start, end, step):
                into = found.setdefault(floored(piece.at, step), Bucket(floored(piece.at, step)))
                into.samples += piece.samples
                into.up += piece.up
                for name, figures in piece.readings.items():
                    if wanted is None or name in wanted:
                        into.add(name, figures)
            return _series(found)

        return await self._database.read(work)


def _pieces(connection: Connection, source: int, start: datetime, end: datetime, step: int) -> Iterable[Bucket]:
    """What there is, oldest first: rollups of an hour, then those of 5 minutes, then samples."""
    marks = connection.execute(select(M.rolled_300, M.rolled_3600).where(M.source_id == source)).first()
    at = floored(start, step)
    for width, mark in ((COARSE, marks and marks.rolled_3600), (FINE, marks and marks.rolled_300)):
        if step % width == 0 and mark is not None and at < mark:
            until = min(mark, end)
            query = select(R.at, R.up, R.samples, R.readings).where(R.source_id == source, R.width == width)
            for row in connection.execute(query.where(R.at >= at, R.at < until).order_by(R.at)):
                yield Bucket(*row)
            at = until
    query_of_samples: Any = select(S.at, S.state, S.readings).where(S.source_id == source, S.at >= at, S.at < end)
    yield from buckets(connection.execute(query_of_samples.order_by(S.at)), step)


def _series(found: Mapping[datetime, Bucket]) -> Series:
    points: dict[str, list[Point]] = {}
    for at in sorted(found):
        for name, (count, low, high, total, _) in found[at].readings.items():
            points.setdefault(name, []).append(Point(at, total / count, low, high, int(count)))
    return Series(points, sum(each.samples for each in found.values()), sum(each.up for each in found.values()))
