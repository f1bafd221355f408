"""Totals into rates: of their own time, or against what was received before, which stands at the source's monitor."""

from collections.abc import Mapping
from typing import Any

from server.performance.otlp.reading import Batch, Total

__all__ = ["rated"]

LONGEST_GAP = 3600.0
"""Seconds: a rate over a longer time would hide what was in it."""
Kept = Mapping[str, Any]


def rated(batch: Batch, received: Kept) -> tuple[dict[str, float], dict[str, Any]]:
    """Readings, and what the next message is compared with: {name: [total, since, until]}.

    A histogram or summary is a rate of its count (`name.rate`), and the mean of what was counted (`name.mean`).
    """
    readings, keep = dict(batch.gauges), dict(received)
    grown: dict[str, tuple[float, float]] = {}
    for name, total in batch.totals.items():
        growth = _growth(total, received.get(name))
        if total.cumulative:
            keep[name] = [total.value, total.since, total.until]
        if growth is not None:
            grown[name] = growth
    for name, (more, seconds) in grown.items():
        if name.endswith(".count") and name.removesuffix(".count") + ".sum" in batch.totals:
            own = name.removesuffix(".count")
            readings[f"{own}.rate"] = more / seconds
            if more and own + ".sum" in grown:
                readings[f"{own}.mean"] = grown[own + ".sum"][0] / more
        elif not (name.endswith(".sum") and name.removesuffix(".sum") + ".count" in batch.totals):
            readings[name] = more / seconds
    return readings, keep


def _growth(total: Total, before: Any) -> tuple[float, float] | None:
    """How much, in how many seconds. None: it cannot be known yet.

    A cumulative total that has begun anew (another `since`) counts from there, as OTLP says.
    """
    if not total.cumulative:
        seconds, more = total.until - total.since, total.value
    elif before is None:
        return None
    elif before[1] == total.since:
        seconds, more = total.until - before[2], total.value - before[0]
    else:
        seconds, more = total.until - max(total.since, before[2]), total.value
    possible = 0 < seconds <= LONGEST_GAP and (total.cumulative is False or more >= 0)
    return (more, seconds) if possible else None
