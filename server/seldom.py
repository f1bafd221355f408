"""Letting events through seldom: what strangers can cause must not fill the disk with log entries."""

from collections import OrderedDict
from collections.abc import Hashable

__all__ = ["Seldom"]

MOST_KEYS = 1_000


class Seldom:
    """Lets a few events of a key through at once, then one in a while, and a few in a while of all keys together.

    Two leaky buckets (the generic cell rate algorithm, ITU-T I.371): what is remembered is when a bucket is empty.
    """

    def __init__(self, *, at_once: int, every_seconds: float, all_at_once: int, all_every_seconds: float) -> None:
        self.left_out = 0
        """Events that were held back since the start."""
        self._every, self._slack = every_seconds, (at_once - 1) * every_seconds
        self._all_every, self._all_slack = all_every_seconds, (all_at_once - 1) * all_every_seconds
        self._all_empty_at = 0.0
        self._keys: OrderedDict[Hashable, tuple[float, int]] = OrderedDict()

    def passes(self, key: Hashable, now: float) -> int | None:
        """May this event pass? None: no. Else how many of its key were held back before it."""
        empty_at, held_back = self._keys.pop(key, (now, 0))
        empty_at, all_empty_at = max(empty_at, now), max(self._all_empty_at, now)
        if empty_at - now > self._slack or all_empty_at - now > self._all_slack:
            self.left_out += 1
            self._remember(key, empty_at, held_back + 1)
            return None
        self._all_empty_at = all_empty_at + self._all_every
        self._remember(key, empty_at + self._every, 0)
        return held_back

    def _remember(self, key: Hashable, empty_at: float, held_back: int) -> None:
        self._keys[key] = empty_at, held_back
        if len(self._keys) > MOST_KEYS:
            self._keys.popitem(last=False)
