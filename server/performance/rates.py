"""From what a source counts to what happens a second: counters become rates, and a counter that begins anew is seen."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from server.sources.metrics import metric_of
from server.sources.probe import Reading

__all__ = ["Measured", "measured"]

FIRST = "It is a rate between two readings, and this is the first."
BEGUN_ANEW = "The source has begun to count anew since the last reading."
TOO_LONG_AGO = "The last reading is too long ago for a rate that says anything of now."
LONGEST_GAP = 10
"""In intervals: a rate over a longer time would hide what was in it."""


@dataclass(frozen=True, slots=True)
class Measured:
    """`carried`: what the next reading is compared with: {"at": seconds since 1970, "counters": {name: value}}."""

    values: Mapping[str, float]
    missing: Mapping[str, str]
    carried: Mapping[str, Any]


def measured(reading: Reading, carried: Mapping[str, Any], at: float, interval: float) -> Measured:
    """The reading with rates in place of counters. `at`: seconds since 1970; `interval`: between readings, seconds.

    What is no finite number is missing: no store and no client could hold it.
    """
    values: dict[str, float] = {}
    missing = dict(reading.missing)
    counters: dict[str, float] = {}
    former, seconds = carried.get("counters", {}), at - carried.get("at", at)
    for name, value in reading.values.items():
        if not math.isfinite(value):
            missing[name] = "The source gave no number."
        elif (reading.kinds.get(name) or metric_of(name).kind) == "gauge":
            values[name] = value
        else:
            counters[name] = value
            _rate(name, value - former.get(name, math.inf), seconds, interval, (values, missing))
    return Measured(values, missing, {"at": at, "counters": counters})


def _rate(
    name: str, growth: float, seconds: float, interval: float, into: tuple[dict[str, float], dict[str, str]]
) -> None:
    values, missing = into
    if growth == -math.inf or seconds <= 0:
        missing[name] = FIRST
    elif growth < 0:
        missing[name] = BEGUN_ANEW
    elif seconds > LONGEST_GAP * interval:
        missing[name] = TOO_LONG_AGO
    else:
        values[name] = growth / seconds
