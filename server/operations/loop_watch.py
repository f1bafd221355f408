"""How late the event loop is: a late loop serves everybody late, so it is measured."""

import asyncio
import time
from bisect import bisect_left
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from server.clock import Clock

__all__ = ["BEAT_SECONDS", "BUCKETS", "LoopWatch", "Stall"]

BEAT_SECONDS = 0.25  # a wake-up costs 100 to 200 us of an idle machine
REMEMBERED = 40  # beats: the last ten seconds of a loop that is in time
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds of the histogram, in seconds."""


@dataclass(frozen=True, slots=True)
class Stall:
    """The loop stood still: until when, for how long, and how long its thread was on a processor meanwhile (seconds).

    Much less time on a processor than it lasted: the thread waited (for a disk, a lock, a busy machine).
    """

    ended_at: datetime
    seconds: float
    cpu_seconds: float


class LoopWatch:
    """Asks to be woken four times a second, and notes how much later it was.

    A beat is a sample of what anything that becomes due at a random moment waits for.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        slow_seconds: float,
        stall_seconds: float,
        cpu_seconds: Callable[[], float] = time.thread_time,
    ) -> None:
        self.slow_seconds = slow_seconds
        self.stall_seconds = stall_seconds
        self.beat_at = clock.monotonic()
        """When the loop last moved; the watchdog's thread reads it."""
        self.beats = [0] * (len(BUCKETS) + 1)
        """How many beats were how late: one count for each bucket, and one for what is later than all."""
        self.late_seconds = 0.0
        """All lateness together."""
        self.cpu_seconds = 0.0
        """How long the loop's thread was on a processor since the watch began."""
        self.slow = 0
        self.stalls = 0
        self.latest: Stall | None = None
        """The latest beat that was later than `slow_seconds`."""
        self.latest_stall: Stall | None = None
        self._clock = clock
        self._cpu_seconds = cpu_seconds
        self._cpu_began = self._cpu_before = 0.0
        self._lags: deque[float] = deque(maxlen=REMEMBERED)
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Begin; on the loop's own thread."""
        self._cpu_began = self._cpu_before = self._cpu_seconds()
        self.beat_at = self._clock.monotonic()
        self._timer = asyncio.get_running_loop().call_later(BEAT_SECONDS, self._beat)

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    @property
    def worst(self) -> float:
        """The greatest lateness of the last ten seconds, in seconds; 0 before the first measurement."""
        return max(self._lags, default=0.0)

    def note(self, slept: float) -> None:
        """Take in that a sleep of BEAT_SECONDS took so many seconds."""
        late = max(0.0, slept - BEAT_SECONDS)
        self._lags.append(late)
        self.beats[bisect_left(BUCKETS, late)] += 1
        self.late_seconds += late
        before, self._cpu_before = self._cpu_before, self._cpu_seconds()
        self.cpu_seconds = self._cpu_before - self._cpu_began
        if late > self.slow_seconds:
            self._was_slow(Stall(self._clock.now(), late, self._cpu_before - before))

    def _was_slow(self, stall: Stall) -> None:
        self.slow += 1
        self.latest = stall
        if stall.seconds >= self.stall_seconds:
            self.stalls += 1
            self.latest_stall = stall

    def _beat(self) -> None:
        now = self._clock.monotonic()
        self.note(now - self.beat_at)
        self.beat_at = now  # last: who sees the new beat finds its lateness noted
        self._timer = asyncio.get_running_loop().call_later(BEAT_SECONDS, self._beat)
