"""Trends of a source, made in a thread and kept as they leave until there is another step of the chart."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib import import_module
from typing import cast

from pydantic import TypeAdapter

from persistence.buckets import floored
from persistence.series import Point, SeriesStore
from persistence.thresholds import ThresholdRow, ThresholdStore
from server.clock import Clock
from server.performance.metrics.kept import Kept
from server.performance.metrics.ranges import TimeRange
from server.performance.trends.model import Trend

__all__ = ["Trends"]

MOST_KEPT = 1_000
NOT_A_COURSE = frozenset({"up", "status_code"})
"""Codes and switches go nowhere."""
Key = tuple[int, str, tuple[str, ...] | None, datetime, tuple[tuple[int, int], ...]]


class Trends:
    def __init__(self, series: SeriesStore, thresholds: ThresholdStore, clock: Clock) -> None:
        self._series = series
        self._thresholds = thresholds
        self._clock = clock
        self._kept: Kept[Key, bytes] = Kept(clock, MOST_KEPT)
        self._json = TypeAdapter(list[Trend])

    async def json_of(self, source: int, within: TimeRange, metrics: tuple[str, ...] | None) -> bytes:
        """A JSON array of trends, one for each metric. Made anew when a step of the chart is over, or a threshold is
        another one."""
        thresholds = await self._thresholds.in_force(source)
        end = floored(self._clock.now(), within.step)
        versions = tuple((each.id, each.version) for each in thresholds)
        key: Key = (source, within.name, metrics, end, versions)

        async def make() -> bytes:
            series = await self._series.read(source, end - within.length, end, within.step, metrics)
            return await asyncio.to_thread(self._made, source, within, end, (series.points, thresholds))

        return await self._kept.get(key, within.step, make)

    async def of(self, source: int, within: TimeRange, metrics: tuple[str, ...] | None = None) -> list[Trend]:
        return self._json.validate_json(await self.json_of(source, within, metrics))

    def _made(
        self,
        source: int,
        within: TimeRange,
        end: datetime,
        known: tuple[Mapping[str, Sequence[Point]], Sequence[ThresholdRow]],
    ) -> bytes:
        making = import_module("server.performance.trends.making")
        points, thresholds = known
        found = []
        for name in sorted(points):
            if name not in NOT_A_COURSE:
                its = [each for each in thresholds if each.metric_name == name]
                asked = making.Asked(source, name, within, end, its)
                found.append(cast("Trend", making.trend_of(asked, points[name])))
        return self._json.dump_json(found)
