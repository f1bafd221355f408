"""Counts of what the sockets and the log do, as plain numbers; the metrics page reads them."""

from collections import Counter, deque
from dataclasses import dataclass, field

from server.realtime.refusals import Refusals

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
    overflows: int = 0
    """Feeds that were closed because their client did not read."""
    pauses: int = 0
    """Times that a socket was not read for a while: it sent too much, or its messages took too long."""
    pause_seconds: float = 0.0
    refusals: Refusals = field(default_factory=Refusals)
    presence_ignored: Counter[str] = field(default_factory=Counter)
    """Awareness that changed nothing, by reason; rooms that are open keep their own count."""
    closed: Counter[int] = field(default_factory=Counter)
    """Sockets that the server closed, by close code."""
    commit_seconds: deque[float] = field(default_factory=lambda: deque(maxlen=1024))
    """How long the store took for the latest commits."""
