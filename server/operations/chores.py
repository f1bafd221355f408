"""Work that comes round by the clock: sweeping rooms and sockets every second, thinning the log every hour."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import Protocol

from persistence.errors import StoreUnavailable

__all__ = ["Chore", "Chores", "OneOfMany"]

log = logging.getLogger("counterpoint.chores")

Chore = Callable[[], Awaitable[object]]


class OneOfMany(Protocol):
    """Which of several nodes does what only one should do."""

    def want(self, name: str) -> None: ...

    def holds(self, name: str) -> object | None:
        """None: another node does it."""
        ...


class Chores:
    """Runs each chore at its interval, never twice at once; a chore that fails is logged and comes round again."""

    def __init__(self, leases: OneOfMany) -> None:
        self._leases = leases
        self._chores: list[tuple[str, float, Chore]] = []
        self._tasks: list[asyncio.Task[None]] = []

    def add(self, name: str, every_seconds: float, chore: Chore, *, alone: bool = False) -> None:
        """`alone`: on one node at a time."""
        if alone:
            self._leases.want(name)
            chore = partial(self._if_ours, name, chore)
        self._chores.append((name, every_seconds, chore))

    def start(self) -> None:
        self._tasks = [
            asyncio.create_task(self._repeat(name, seconds, chore), name=name) for name, seconds, chore in self._chores
        ]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task

    async def round(self) -> None:
        """Do each of them once, now."""
        for name, _, chore in self._chores:
            await self.run(name, chore)

    async def run(self, name: str, chore: Chore) -> None:
        """Do it once."""
        try:
            await chore()
        except StoreUnavailable as error:
            log.warning("a chore waits for the store", extra={"chore": name, "reason": str(error)})
        except Exception:  # the next round would never come: it is logged, and the chore comes round again
            log.exception("a chore failed", extra={"chore": name})

    async def _if_ours(self, name: str, chore: Chore) -> None:
        if self._leases.holds(name) is not None:
            await chore()

    async def _repeat(self, name: str, seconds: float, chore: Chore) -> None:
        while True:
            await asyncio.sleep(seconds)
            await self.run(name, chore)
