"""Answers of the last second, so that a storm of reconnects asks the store once."""

import asyncio
from collections.abc import Coroutine, Hashable
from typing import Any, Generic, TypeVar

from server.clock import Clock

__all__ = ["Recent"]

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

SECONDS = 1.0
"""A right that another process takes away is gone after this; our own changes are told, and are gone at once."""
MOST = 10_000


class Recent(Generic[K, V]):
    """Remembers answers, never refusals. Who asks while another's question is under way gets the same answer."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._asked: dict[K, tuple[float, asyncio.Task[V]]] = {}

    async def get(self, key: K, look_up: Coroutine[Any, Any, V]) -> V:
        """The answer of a `look_up` that began less than a second ago; errors are raised to all who wait for it."""
        now = self._clock.monotonic()
        known = self._asked.get(key)
        if known is not None and now - known[0] < SECONDS:
            look_up.close()
            return known[1].result() if known[1].done() else await asyncio.shield(known[1])
        if len(self._asked) >= MOST:
            self._asked.clear()
        task = asyncio.create_task(look_up)
        self._asked[key] = now, task
        task.add_done_callback(lambda done: self._answered(key, done))
        return await asyncio.shield(task)

    def forget(self, change: object = None) -> None:
        """Something has changed: whoever asks from now on is answered from the store."""
        self._asked.clear()

    def _answered(self, key: K, task: asyncio.Task[V]) -> None:
        if task.cancelled() or task.exception() is not None:
            known = self._asked.get(key)
            if known is not None and known[1] is task:
                del self._asked[key]
