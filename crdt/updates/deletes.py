"""Which clocks of which clients are deleted: the delete set of an update or of a document."""

import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping

from crdt.codec import UNREADABLE, Cursor, explained, var_uint
from crdt.errors import MalformedUpdate, RefusedUpdate

__all__ = ["DeleteRanges", "read_deletes"]

MAX_CLOCK = 2**31 - 1

Range = tuple[int, int]
"""(first clock, clock after the last), never empty."""


class DeleteRanges:
    """Client id -> sorted, disjoint, non-touching ranges of clocks."""

    __slots__ = ("_ranges",)

    def __init__(self, ranges: Mapping[int, list[Range]] | None = None) -> None:
        """Take ranges in any order, also overlapping ones; none may be empty."""
        self._ranges = {client: _joined(each) for client, each in ranges.items() if each} if ranges else {}

    def __bool__(self) -> bool:
        return bool(self._ranges)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DeleteRanges) and self._ranges == other._ranges

    __hash__ = None  # type: ignore[assignment]  # mutable

    def __repr__(self) -> str:
        return f"DeleteRanges({self._ranges})"

    def __iter__(self) -> Iterator[tuple[int, list[Range]]]:
        """(client id, its ranges), to be read only."""
        return iter(self._ranges.items())

    def __len__(self) -> int:
        """How many clients have ranges."""
        return len(self._ranges)

    def count(self) -> int:
        """How many ranges there are, over all clients."""
        return sum(map(len, self._ranges.values()))

    def copy(self) -> "DeleteRanges":
        """A copy that shares nothing with this one."""
        copy = DeleteRanges()
        copy._ranges = {client: ranges[:] for client, ranges in self._ranges.items()}
        return copy

    def add(self, other: "DeleteRanges") -> None:
        """Add all ranges of `other`."""
        for client, new in other:
            known = self._ranges.get(client)
            if known is None:
                self._ranges[client] = new[:]
            elif len(new) * 8 < len(known):
                for start, end in new:
                    _insert(known, start, end)
            else:
                self._ranges[client] = _joined(known + new)

    def covers(self, other: "DeleteRanges") -> bool:
        """Is all that `other` has deleted here, too?"""
        return not self.missing(other)

    def missing(self, other: "DeleteRanges") -> "DeleteRanges":
        """What `other` has and this lacks."""
        lacking = DeleteRanges()
        for client, ranges in other:
            known = self._ranges.get(client)
            rest = [piece for each in ranges for piece in _outside(known, *each)] if known else ranges[:]
            if rest:
                lacking._ranges[client] = rest
        return lacking

    def below(self, clocks: Mapping[int, int]) -> "DeleteRanges":
        """The part below `clocks`; a client that is not named there has none."""
        kept = DeleteRanges()
        for client, ranges in self._ranges.items():
            limit = clocks.get(client, 0)
            if ranges[-1][1] <= limit:
                kept._ranges[client] = ranges[:]
                continue
            inside = [(start, min(end, limit)) for start, end in ranges if start < limit]
            if inside:
                kept._ranges[client] = inside
        return kept

    def encode(self) -> bytes:
        """The delete set as it stands at the end of an update: highest client id first, as Yjs writes it."""
        out = bytearray(var_uint(len(self._ranges)))
        for client in sorted(self._ranges, reverse=True):
            ranges = self._ranges[client]
            out += var_uint(client) + var_uint(len(ranges))
            for start, end in ranges:
                out += var_uint(start) + var_uint(end - start)
        return bytes(out)

    @classmethod
    def decode(cls, data: bytes) -> "DeleteRanges":
        """Read what `encode` wrote. Raises MalformedUpdate."""
        try:
            cursor = Cursor(data)
            deletes = read_deletes(cursor)
            cursor.finish()
        except UNREADABLE as problem:
            raise MalformedUpdate(f"the delete ranges cannot be read: {explained(problem)}") from None
        return deletes


def read_deletes(cursor: Cursor, max_ranges: int = sys.maxsize) -> DeleteRanges:
    """Read a delete set. Raises UNREADABLE, and RefusedUpdate when it has more ranges."""
    clients = cursor.count(bytes_each=2)
    if not clients:
        return DeleteRanges()
    ranges: dict[int, list[Range]] = {}
    total = 0
    for _ in range(clients):
        client = cursor.var_uint()
        number = cursor.count(bytes_each=2)
        total += number
        if total > max_ranges:
            raise RefusedUpdate("limit", f"the update has over {max_ranges} delete ranges")
        own = ranges.setdefault(client, [])
        for _ in range(number):
            start, length = cursor.var_uint(), cursor.var_uint()
            if length < 1 or start + length > MAX_CLOCK:
                raise ValueError(f"a delete range has the impossible length {length} at clock {start}")
            own.append((start, start + length))
    return DeleteRanges(ranges)


def _joined(ranges: list[Range]) -> list[Range]:
    """Sorted, with overlapping and touching ranges joined."""
    if len(ranges) == 1:
        return ranges[:]
    joined: list[Range] = []
    last_start, last_end = -1, -1
    for start, end in sorted(ranges):
        if start > last_end:
            if last_end >= 0:
                joined.append((last_start, last_end))
            last_start, last_end = start, end
        elif end > last_end:
            last_end = end
    joined.append((last_start, last_end))
    return joined


def _insert(known: list[Range], start: int, end: int) -> None:
    """Put one range among sorted ones, joining those that it touches."""
    first = bisect_left(known, start, key=_end)
    last = bisect_right(known, end, key=_start)
    if first < last:
        start = min(start, known[first][0])
        end = max(end, known[last - 1][1])
    known[first:last] = [(start, end)]


def _outside(known: list[Range], start: int, end: int) -> Iterator[Range]:
    """The pieces of start..end that no known range holds."""
    at = bisect_right(known, start, key=_end)
    while start < end:
        if at == len(known) or known[at][0] >= end:
            yield start, end
            return
        if start < known[at][0]:
            yield start, known[at][0]
        start = known[at][1]
        at += 1


def _start(each: Range) -> int:
    return each[0]


def _end(each: Range) -> int:
    return each[1]
