"""What a threshold says of one value."""

from collections.abc import Callable, Mapping, Sequence
from operator import eq, gt, lt, ne
from types import MappingProxyType
from typing import Literal

from persistence.thresholds import ThresholdRow
from server.performance.metrics.model import Status

__all__ = ["COMPARISONS", "Level", "level_of", "score_of", "strictest"]

Level = Literal["warning", "critical"]
COMPARISONS: Mapping[str, Callable[[float, float], bool]] = MappingProxyType({"gt": gt, "lt": lt, "eq": eq, "ne": ne})
GOOD, AT_WARNING, AT_CRITICAL = 100.0, 60.0, 20.0


def level_of(threshold: ThresholdRow, value: float) -> Level | None:
    passes = COMPARISONS[threshold.operator]
    if passes(value, threshold.critical):
        return "critical"
    return "warning" if passes(value, threshold.warning) else None


def score_of(threshold: ThresholdRow, value: float) -> float:
    """100 while it is good, 0 where it is critical; between warning and critical from 60 down to 20, in proportion."""
    level = level_of(threshold, value)
    if level is None:
        return GOOD
    width = threshold.critical - threshold.warning
    if level == "critical" or not width:
        return 0.0
    return AT_WARNING - (AT_WARNING - AT_CRITICAL) * (value - threshold.warning) / width


def strictest(thresholds: Sequence[ThresholdRow], value: float) -> tuple[Status, ThresholdRow | None]:
    """Of several for one metric, what the worst of them says; `unknown` where there is none."""
    if not thresholds:
        return "unknown", None
    worst = min(thresholds, key=lambda each: score_of(each, value))
    return level_of(worst, value) or "good", worst
