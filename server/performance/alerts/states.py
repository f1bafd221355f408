"""What a threshold makes of reading after reading of one source. Pure: it knows no store and no clock.

As in Prometheus: a value that passes it is `pending` until it has done so for `for_seconds`, then it fires. Unlike
there, it may need to be back beyond another level (`clear_at`), for `keep_firing_seconds`, before it is over; what
cannot be read is a state of its own and ends nothing.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, TypeAlias

from persistence.threshold_states import StateRow
from persistence.thresholds import ThresholdRow
from server.performance.metrics.judged import COMPARISONS, Level, level_of

__all__ = ["Happening", "Step", "step"]

Happening: TypeAlias = Literal["fired", "raised", "over", "no_data", "data_back"]
Step: TypeAlias = tuple[StateRow | None, Sequence[Happening]]
"""What is known from now on (None: nothing), and what has happened."""


def step(threshold: ThresholdRow, state: StateRow | None, value: float | None, at: datetime, patience: float) -> Step:
    """The next reading. `value` None: the source answered without it. `patience`: seconds before that is an alert."""
    if value is None:
        return _unread(state, at, patience)
    if state is not None and state.state == "firing":
        return _firing(threshold, state, value, at)
    back: tuple[Happening, ...] = ("data_back",) if state is not None and state.state == "no_data" else ()
    level = level_of(threshold, value)
    if level is None:
        return None, back
    since = state.since if state is not None and state.state == "pending" else at
    if (at - since).total_seconds() < threshold.for_seconds:
        return StateRow("pending", level, value, since, None, at), back
    return StateRow("firing", level, value, since, None, at), (*back, "fired")


def _unread(state: StateRow | None, at: datetime, patience: float) -> Step:
    if state is None or state.state == "pending":
        return StateRow("missing", None, None, at, None, at), ()
    if state.state == "missing" and (at - state.since).total_seconds() >= patience:
        return StateRow("no_data", None, None, state.since, None, at), ("no_data",)
    return state, ()


def _firing(threshold: ThresholdRow, state: StateRow, value: float, at: datetime) -> Step:
    level = level_of(threshold, value)
    if level is not None or not _is_clear(threshold, value):
        worst: Level | None = "critical" if "critical" in (level, state.level) else state.level
        happened: tuple[Happening, ...] = ("raised",) if worst != state.level else ()
        return StateRow("firing", worst, value, state.since, None, at), happened
    clear_since = state.clear_since or at
    if (at - clear_since).total_seconds() >= threshold.keep_firing_seconds:
        return None, ("over",)
    return StateRow("firing", state.level, value, state.since, clear_since, at), ()


def _is_clear(threshold: ThresholdRow, value: float) -> bool:
    if threshold.clear_at is None or threshold.operator not in ("gt", "lt"):
        return True
    return not COMPARISONS[threshold.operator](value, threshold.clear_at)
