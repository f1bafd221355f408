"""A loop whose clock jumps to whatever is due next: minutes of waiting take no time, and each run is the same."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

from server.clock import SystemClock

__all__ = ["LoopClock", "Stuck", "run"]

T = TypeVar("T")


class Stuck(Exception):
    """Everybody waits, and nothing is due: what is waited for never comes."""


class _Selector(selectors.SelectSelector):
    """No socket is ever ready; to wait is to let the time pass."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        if timeout is None:
            raise Stuck
        self.now += max(timeout, 0.0)
        return []


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._times = _Selector()
        super().__init__(self._times)

    def time(self) -> float:
        return self._times.now


class LoopClock(SystemClock):
    """The clock of the running loop."""

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()


def run(work: Coroutine[Any, Any, T]) -> T:
    loop = _Loop()
    try:
        return loop.run_until_complete(work)
    finally:
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()
