"""The times that charts and figures are asked for, and how finely each is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from persistence.buckets import COARSE, FINE
from server.errors import FieldIssue, Invalid

__all__ = ["RANGES", "USUAL_RANGE", "TimeRange", "range_of"]


@dataclass(frozen=True, slots=True)
class TimeRange:
    """step    seconds between two points of a chart: never more than 732 of them
    grain   seconds between two points where only means are wanted
    keep    for how long means over it are as good as new: a hundredth of it at the most, 5 minutes
    """

    name: str
    length: timedelta
    step: int
    grain: int

    @property
    def keep(self) -> float:
        return min(300.0, self.length.total_seconds() / 360)


def _all(*ranges: TimeRange) -> Mapping[str, TimeRange]:
    return MappingProxyType({each.name: each for each in ranges})


RANGES = _all(
    TimeRange("1h", timedelta(hours=1), 5, FINE),
    TimeRange("6h", timedelta(hours=6), 30, FINE),
    TimeRange("24h", timedelta(hours=24), FINE, COARSE),
    TimeRange("7d", timedelta(days=7), 3 * FINE, COARSE),
    TimeRange("30d", timedelta(days=30), COARSE, COARSE),
    TimeRange("90d", timedelta(days=90), 3 * COARSE, COARSE),
    TimeRange("1y", timedelta(days=366), 12 * COARSE, 12 * COARSE),
)
USUAL_RANGE = "24h"


def range_of(name: str | None, usual: str = USUAL_RANGE) -> TimeRange:
    """None and nothing mean the usual one. Raises Invalid."""
    found = RANGES.get(name or usual)
    if found is None:
        raise Invalid(details=[FieldIssue("time_range", f"is one of {', '.join(RANGES)}", name)])
    return found
