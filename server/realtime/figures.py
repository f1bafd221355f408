"""Counts of what the sockets and the log do, as plain numbers; the metrics page reads them."""

from collections import Counter, deque
from dataclasses import dataclass, field

__all__ = ["Figures"]


@dataclass(slots=True)
class Figures:
    """Counters since the start of the process. Times are seconds."""

    connections: int = 0
    connections_total: int = 0
    frames_in: int = 0
    frames_out: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    turns: int = 0
    rows: int = 0
    commits: int = 0
    commit_failures: int = 0
    compactions: int = 0
    stalls: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    commit_seconds: deque[float] = field(default_factory=lambda: deque(maxlen=1024))
    """How long the store took for the latest commits."""
