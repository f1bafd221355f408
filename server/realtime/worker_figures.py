"""Counts of what the worker processes do, as plain numbers; the metrics page reads them."""

from collections import Counter
from dataclasses import dataclass, field

__all__ = ["WorkerFigures"]


@dataclass(slots=True)
class WorkerFigures:
    """Counters since the start of the process. Times are seconds of the wall."""

    calls: int = 0
    starts: int = 0
    """Processes that were started; those beyond the first few replace one that was killed or died."""
    failures: Counter[str] = field(default_factory=Counter)
    """Calls that failed, by reason (see MaterialiserFailed)."""
    set_aside: int = 0
    """Calls that gave their place up to others, for they took too long."""
    seconds: float = 0.0
    """What all calls took together, without their waiting."""
    waiting_seconds: float = 0.0
