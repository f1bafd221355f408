"""How late the event loop is: a late loop serves everybody late, so it is measured."""

import asyncio
from collections import deque
from contextlib import suppress

from server.clock import Clock

__all__ = ["LoopWatch"]

EVERY_SECONDS = 0.5
REMEMBERED = 20  # measurements: the last ten seconds


class LoopWatch:
    """Asks to be woken every half second, and notes how much later it was."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lags: deque[float] = deque(maxlen=REMEMBERED)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._watch(), name="loop watch")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    def note(self, slept: float) -> None:
        """Take in that a sleep of EVERY_SECONDS took so many seconds."""
        self._lags.append(max(0.0, slept - EVERY_SECONDS))

    @property
    def worst(self) -> float:
        """The greatest lateness of the last ten seconds, in seconds; 0 before the first measurement."""
        return max(self._lags, default=0.0)

    async def _watch(self) -> None:
        while True:
            before = self._clock.monotonic()
            await asyncio.sleep(EVERY_SECONDS)
            self.note(self._clock.monotonic() - before)
