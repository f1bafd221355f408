"""Finding the rows of a document that end whoever reads it: by prefixes, read in a worker of their own."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from crdt.errors import CrdtError
from crdt.reading import NOTHING, Hidden, clocks_of, ends_of, survives
from crdt.updates import DeleteRanges
from server.realtime.materialiser import PASSING, MaterialiserFailed

__all__ = ["STEP_SECONDS", "Bisection", "Found", "OutOfBudget", "Part", "TooLarge", "Unreadable", "hidden_with"]

STEP_SECONDS = 2.0
SECONDS_PER_MEGABYTE = 2.0
SECONDS_PER_PART = 0.0001
"""What an honest document takes is a tenth of this: 0.2 s for a megabyte, 5 us for a row."""
STEPS = 120
DEATHS = 40
LARGE = 0.5
"""A document of which the readable part takes over half of what a worker may take is large, and not poisoned."""

Ask = Callable[..., Awaitable[Any]]
"""Materialiser.call, bound to the document, in the suspects' lane."""


@dataclass(frozen=True, slots=True)
class Part:
    """A row of the log, or a snapshot of those up to its position."""

    position: int
    update: bytes
    is_snapshot: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A part that cannot be read, and the clocks (an encoded delete set) without which the others can."""

    position: int
    clocks: bytes
    keep_place: bool
    reason: str


class Unreadable(Exception):
    """No part could be found without which the others can be read; the reason is the argument."""


class TooLarge(Unreadable):
    """Nothing is wrong with any part: all of them together are more than a worker can read."""


class OutOfBudget(Exception):
    """To be gone on with later; what was found until now holds."""


class Bisection:
    """One search in one document. `good` parts at the front are known to be readable."""

    def __init__(
        self,
        ask: Ask,
        parts: Sequence[Part],
        hidden: Hidden,
        *,
        good: int = 0,
        step_seconds: float = STEP_SECONDS,
        memory_bytes: int,
    ) -> None:
        self._ask = ask
        self._step_seconds = step_seconds
        self._parts = list(parts)
        self.hidden = hidden
        self.good = good
        self._steps = 0
        self._deaths = 0
        self._memory_bytes = memory_bytes
        self._spent = {"timeout": 0.0, "memory": 0.0, "died": 0.0}

    async def next(self) -> Found | None:
        """The next part that cannot be read; None when the document can be read without those found so far.

        Raises Unreadable, OutOfBudget, MaterialiserFailed (lost, busy, closed).
        """
        everything = len(self._parts)
        reason = await self._fault(everything, self.hidden)
        if reason is None:
            return None
        bad = everything
        while bad - self.good > 1:
            middle = (self.good + bad) // 2
            fault = await self._fault(middle, self.hidden)
            if fault is None:
                self.good = middle
            else:
                bad, reason = middle, fault
        if self._is_just_large(reason):
            raise TooLarge(reason)
        part = self._parts[self.good]
        found = await self._within(part, reason) if part.is_snapshot else await self._whole(part, reason)
        self.hidden = hidden_with(self.hidden, found.clocks, keep_place=found.keep_place)
        return found

    async def is_readable(self) -> bool:
        """Can all of it be read, without what is hidden?"""
        return await self._fault(len(self._parts), self.hidden) is None

    # Private.

    async def _whole(self, part: Part, reason: str) -> Found:
        """Hide all that this row brings or deletes."""
        clocks = await self._ask(clocks_of, part.update)
        return await self._hiding(part, clocks, self.hidden, reason)

    async def _within(self, part: Part, reason: str) -> Found:
        """Hide one clock of a snapshot: clocks are shown one after the other until it cannot be read any more."""
        ends: dict[int, int] = await self._ask(ends_of, part.update)
        for keep_place in (True, False):
            if await self._fault(self.good + 1, _all_from(ends, 0, self.hidden, keep_place=keep_place)) is None:
                break
        else:
            raise Unreadable(reason)
        low, high = 0, sum(ends.values())
        while high - low > 1:
            middle = (low + high) // 2
            if await self._fault(self.good + 1, _all_from(ends, middle, self.hidden, keep_place=keep_place)) is None:
                low = middle
            else:
                high = middle
        client, clock = _place(ends, low)
        rest = _all_from(ends, low + 1, self.hidden, keep_place=keep_place)
        return await self._hiding(part, DeleteRanges({client: [(clock, clock + 1)]}).encode(), rest, reason)

    async def _hiding(self, part: Part, clocks: bytes, others: Hidden, reason: str) -> Found:
        for keep_place in (True, False):
            if await self._fault(self.good + 1, hidden_with(others, clocks, keep_place=keep_place)) is None:
                return Found(part.position, clocks, keep_place, reason)
        raise Unreadable(reason)

    async def _fault(self, count: int, hidden: Hidden) -> str | None:
        """Why the first `count` parts cannot be read; None: they can."""
        if self._steps >= STEPS or self._deaths >= DEATHS:
            raise OutOfBudget
        self._steps += 1
        updates = [part.update for part in self._parts[:count]]
        seconds = self._seconds_for(updates)
        try:
            survival = await self._ask(survives, updates, hidden, seconds=seconds)
        except MaterialiserFailed as error:
            if error.reason in PASSING or error.reason == "lost":  # no row is to blame for that
                raise
            self._deaths += 1
            return error.reason
        except CrdtError:
            return "unreadable"
        memory = 1 - survival.bytes_left / self._memory_bytes
        self._spent = {"timeout": survival.seconds / seconds, "memory": memory, "died": memory}
        return None

    def _seconds_for(self, updates: Sequence[bytes]) -> float:
        megabytes = sum(map(len, updates)) / 1e6
        return self._step_seconds + megabytes * SECONDS_PER_MEGABYTE + len(updates) * SECONDS_PER_PART

    def _is_just_large(self, reason: str) -> bool:
        """Have the parts before it taken most of the time or memory already? Then this one is not to blame."""
        return self.good > 0 and self._spent.get(reason, 0.0) > LARGE


def hidden_with(hidden: Hidden, clocks: bytes, *, keep_place: bool) -> Hidden:
    """These clocks hidden, too."""
    ranges = DeleteRanges.decode(hidden.in_place if keep_place else hidden.without_place)
    ranges.add(DeleteRanges.decode(clocks))
    encoded = ranges.encode()
    return replace(hidden, **{"in_place" if keep_place else "without_place": encoded})


def _all_from(ends: dict[int, int], shown: int, hidden: Hidden, *, keep_place: bool) -> Hidden:
    """Hide all but the first `shown` clocks, counted through the clients in order."""
    ranges: dict[int, list[tuple[int, int]]] = {}
    for client, end in sorted(ends.items()):
        if shown < end:
            ranges[client] = [(max(shown, 0), end)]
        shown -= end
    return hidden_with(hidden, DeleteRanges(ranges).encode() if ranges else NOTHING, keep_place=keep_place)


def _place(ends: dict[int, int], number: int) -> tuple[int, int]:
    """The client and clock that come `number`th."""
    for client, end in sorted(ends.items()):
        if number < end:
            return client, number
        number -= end
    raise AssertionError("a document has fewer clocks than were counted")
