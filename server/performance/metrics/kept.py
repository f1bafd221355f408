"""Answers that are as good as new for a while."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

from server.clock import Clock

__all__ = ["Kept"]

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Kept(Generic[K, V]):
    """`most` of them, those that were not asked for the longest going first."""

    def __init__(self, clock: Clock, most: int) -> None:
        self._clock = clock
        self._most = most
        self._found: OrderedDict[K, tuple[float, V]] = OrderedDict()

    async def get(self, key: K, seconds: float, make: Callable[[], Awaitable[V]]) -> V:
        """What was made less than `seconds` ago, or is made now. Raises what `make` raises, and keeps nothing then."""
        now = self._clock.monotonic()
        found = self._found.get(key)
        if found is not None and now - found[0] < seconds:
            self._found.move_to_end(key)
            return found[1]
        value = await make()
        self._found[key] = (now, value)
        self._found.move_to_end(key)
        if len(self._found) > self._most:
            self._found.popitem(last=False)
        return value
