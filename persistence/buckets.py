"""Readings put together by time: count, least, most, sum and last of each metric in each stretch of time."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeAlias

__all__ = ["COARSE", "FINE", "Bucket", "Figures", "buckets", "floored", "merged"]

FINE, COARSE = 300, 3600
"""Widths of rollups, in seconds."""

Figures: TypeAlias = list[float]
"""count, min, max, sum, last"""


@dataclass(slots=True)
class Bucket:
    """`samples`: how many were taken here, and in how many of them the source was `up`."""

    at: datetime
    up: int = 0
    samples: int = 0
    readings: dict[str, Figures] = field(default_factory=dict)

    def add(self, name: str, figures: Figures) -> None:
        former = self.readings.get(name)
        self.readings[name] = figures if former is None else merged(former, figures)


def floored(at: datetime, width: int) -> datetime:
    """The beginning of the stretch of `width` seconds that the moment is in, counted from 1970."""
    return datetime.fromtimestamp(at.timestamp() // width * width, UTC)


def merged(earlier: Figures, later: Figures) -> Figures:
    count, low, high, total, _ = earlier
    return [count + later[0], min(low, later[1]), max(high, later[2]), total + later[3], later[4]]


def buckets(rows: Iterable[Any], width: int) -> list[Bucket]:
    """Of samples (at, state, readings) that come in the order of their times."""
    found: dict[datetime, Bucket] = {}
    for at, state, readings in rows:
        start = floored(at, width)
        bucket = found.get(start)
        if bucket is None:
            bucket = found[start] = Bucket(start)
        bucket.samples += state != "pushed"
        bucket.up += state == "up"
        for name, value in readings.items():
            bucket.add(name, [1, value, value, value, value])
    return list(found.values())
