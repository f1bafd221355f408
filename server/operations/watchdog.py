"""A thread beside the loop: it says where the loop is held while it is held, which the loop itself cannot.

Three depths. A loop that is late has its stack taken, and one entry says what held it and for how long. A loop that
stands still has all stacks logged, again after twice the time. If a C function keeps the interpreter, no thread of
Python runs: then a signal, which needs no interpreter, has `faulthandler` write the loop's stack to standard error.
"""

import asyncio
import faulthandler
import logging
import signal
import sys
import threading
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

from server.clock import Clock
from server.operations.loop_watch import BEAT_SECONDS, LoopWatch
from server.operations.stacks import place_of, stack_of, thread_stacks
from server.seldom import Seldom

__all__ = ["Alarm", "FaultAlarm", "Sight", "Vigil", "Watchdog"]

log = logging.getLogger("counterpoint.loop")

SHORTEST_WAIT = 0.001
ALARM_FACTOR = 2.5
"""The alarm is wound up once in a stall's time, and winding it up makes a thread: it goes off after 1.5 to 2.5."""


class Sight(Enum):
    """What a look at the loop has shown."""

    FINE = auto()
    SLOW = auto()
    STALLED = auto()


class Vigil:
    """Decides from the loop's beats when to look next and what is seen; all times are monotonic seconds."""

    def __init__(self, beat: float, *, slow_seconds: float, stall_seconds: float) -> None:
        self._beat = beat
        self._slow = slow_seconds
        self._stall = stall_seconds
        self._tell_after = stall_seconds
        self._seen_slow = False

    def look(self, beat: float, now: float) -> Sight:
        """`beat`: when the loop last moved. Each state is seen once; a stall again after twice the time."""
        if beat != self._beat:
            self._beat, self._seen_slow, self._tell_after = beat, False, self._stall
        if now >= self._due_after(self._tell_after):
            while now >= self._due_after(self._tell_after):
                self._tell_after *= 2
            self._seen_slow = True
            return Sight.STALLED
        if now >= self._due_after(self._slow) and not self._seen_slow:
            self._seen_slow = True
            return Sight.SLOW
        return Sight.FINE

    @property
    def due(self) -> float:
        """When the next look can show something new, if the loop does not move."""
        return self._due_after(self._tell_after if self._seen_slow else self._slow)

    def _due_after(self, seconds: float) -> float:
        return self._beat + BEAT_SECONDS + seconds


class Alarm(Protocol):
    """Goes off, without the interpreter, unless it is wound up again in time."""

    def wind_up(self, seconds: float) -> None: ...

    def stop(self) -> None: ...


class FaultAlarm:
    """The timer of the process, and `faulthandler` inside its signal: plain text to standard error. One in a process.

    Its own timer (`dump_traceback_later`) would read the frames of threads that run. A process that was frozen for
    longer than the alarm, as a paused virtual machine is, runs on in the moment in which the alarm goes off, and would
    be killed by it (SIGSEGV). A signal interrupts the main thread, which is the loop's, and reads that one alone.
    """

    def wind_up(self, seconds: float) -> None:
        if sys.__stderr__ is not None and hasattr(signal, "setitimer"):  # Windows has none, and no such alarm
            faulthandler.register(signal.SIGALRM, file=sys.__stderr__, all_threads=False)
            signal.setitimer(signal.ITIMER_REAL, seconds)

    def stop(self) -> None:
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, 0)
            faulthandler.unregister(signal.SIGALRM)


@dataclass(frozen=True, slots=True)
class _Caught:
    """The loop's thread as it was when it was late: which beat was its last, and what it did."""

    beat: float
    place: str
    task: str | None
    stack: str


class Watchdog:
    """Runs the vigil on a thread of its own, and logs what it sees."""

    def __init__(self, watch: LoopWatch, clock: Clock, alarm: Alarm) -> None:
        self._watch = watch
        self._clock = clock
        self._alarm = alarm
        self._vigil = Vigil(watch.beat_at, slow_seconds=watch.slow_seconds, stall_seconds=watch.stall_seconds)
        self._seldom = Seldom(at_once=3, every_seconds=60, all_at_once=20, all_every_seconds=6)
        self._caught: _Caught | None = None
        self._wound_up_at = float("-inf")
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ident = 0
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin; on the loop's own thread."""
        self._loop, self._ident = asyncio.get_running_loop(), threading.get_ident()
        self._wind_up(self._clock.monotonic())
        self._thread = threading.Thread(target=self._run, name="watchdog", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
        self._alarm.stop()

    def look(self) -> None:
        """Look once."""
        beat, now = self._watch.beat_at, self._clock.monotonic()
        if now - self._wound_up_at >= self._watch.stall_seconds:
            self._wind_up(now)
        if self._caught is not None and self._caught.beat != beat:
            self._tell_slow(self._caught, now)
            self._caught = None
        match self._vigil.look(beat, now):
            case Sight.SLOW:
                self._caught = self._catch(beat)
            case Sight.STALLED:
                self._caught = self._catch(beat)
                self._tell_stall(self._caught, now - beat)
            case Sight.FINE:
                pass

    # Private.

    def _run(self) -> None:
        while not self._stopping.wait(self._patience()):
            try:
                self.look()
            except Exception:  # nobody would see the next stall: it is logged, and the thread goes on
                log.exception("the watchdog failed")

    def _wind_up(self, now: float) -> None:
        """The alarm goes off only if this thread, too, stands still for longer than a stall."""
        self._wound_up_at = now
        self._alarm.wind_up(self._watch.stall_seconds * ALARM_FACTOR)

    def _patience(self) -> float:
        """Seconds to the next look: soon while the loop is held, to see it let go."""
        seconds = self._vigil.due - self._clock.monotonic()
        return max(SHORTEST_WAIT, seconds if self._caught is None else min(seconds, self._watch.slow_seconds))

    def _catch(self, beat: float) -> _Caught:
        # The interpreter's own table, a copy: the only way to another thread's frames.
        frame = sys._current_frames().get(self._ident)  # noqa: SLF001
        task = asyncio.current_task(self._loop)
        return _Caught(beat, place_of(frame), task.get_name() if task else None, stack_of(frame))

    def _tell_slow(self, caught: _Caught, now: float) -> None:
        held = self._watch.latest
        if held is None or (left_out := self._seldom.passes(caught.place, now)) is None:
            return
        log.warning(
            "the event loop was held",
            extra={
                "place": caught.place,
                "task": caught.task,
                "milliseconds": round(held.seconds * 1000),
                "cpu_milliseconds": round(held.cpu_seconds * 1000),
                "stack": caught.stack,
                "left_out_before": left_out,
            },
        )

    def _tell_stall(self, caught: _Caught, seconds: float) -> None:
        log.error(
            "the event loop stands still",
            extra={
                "place": caught.place,
                "task": caught.task,
                "seconds": round(seconds, 1),
                "stack": caught.stack,
                "threads": thread_stacks(without=frozenset({self._ident, threading.get_ident()})),
            },
        )
