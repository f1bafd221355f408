"""Do two updates say the same about the same clocks? (decision 2: a client id that is used a second time)."""

from collections.abc import Iterator, Mapping
from functools import cached_property

from crdt.codec import Cursor
from crdt.updates.contents import Kind
from crdt.updates.structs import Id, Struct, parse
from crdt.updates.values import same_value, values_of

__all__ = ["same_content"]

EMPTIED = (Kind.GC, Kind.DELETED, Kind.SKIP)
"""Where one side has only a length left, nothing can differ."""

REPLACEMENT = 0xFFFD
SURROGATES = range(0xD800, 0xE000)


def same_content(known: bytes, update: bytes, overlap: Mapping[int, tuple[int, int]]) -> bool:
    """Do both hold the same content, at the same place, for the clocks in `overlap` (client -> (start, end))?

    Clocks that either lacks are not compared. Raises MalformedUpdate.
    """
    ours = _structs_of(known, overlap)
    theirs = _structs_of(update, overlap)
    return all(
        _is_same(one, other, first, last)
        for client in ours.keys() & theirs.keys()
        for one, other, first, last in _pieces(iter(ours[client]), iter(theirs[client]), *overlap[client])
    )


class _Held:
    """A struct of an update, whose content is decoded once, and only when it must be looked at."""

    def __init__(self, data: bytes, client: int, struct: Struct) -> None:
        self._data = data
        self._client = client
        self._struct = struct
        self.kind = struct.kind
        self.clock = struct.clock
        self.next_clock = struct.next_clock

    @cached_property
    def _text(self) -> bytes:
        return Cursor(self._data, self._struct.content).string().encode("utf-16-le")

    @cached_property
    def _values(self) -> list[object]:
        return values_of(self._data, self._struct)

    def text(self, first: int, last: int) -> bytes:
        """UTF-16 of these clocks."""
        return self._text[2 * (first - self.clock) : 2 * (last - self.clock)]

    def values(self, first: int, last: int) -> list[object]:
        """The values at these clocks."""
        return self._values[first - self.clock : last - self.clock]

    def place(self, clock: int) -> tuple[Id | None, Id | None, Id | str | None]:
        """Origin, right origin and parent, as they would be written for a struct that began at `clock`."""
        struct = self._struct
        if clock > self.clock:
            return (self._client, clock - 1), struct.right_origin, None
        return struct.origin, struct.right_origin, struct.parent


def _structs_of(update: bytes, overlap: Mapping[int, tuple[int, int]]) -> dict[int, list[_Held]]:
    return {
        block.client: [_Held(update, block.client, each) for each in block.structs]
        for block in parse(update).blocks
        if block.client in overlap
    }


def _pieces(
    ours: Iterator[_Held], theirs: Iterator[_Held], start: int, end: int
) -> Iterator[tuple[_Held, _Held, int, int]]:
    """Both sides' structs with the clocks (first, last) that they share, within start..end."""
    one, other = next(ours, None), next(theirs, None)
    while one is not None and other is not None:
        first, last = max(one.clock, other.clock, start), min(one.next_clock, other.next_clock, end)
        if first < last:
            yield one, other, first, last
        if one.next_clock <= other.next_clock:
            one = next(ours, None)
        else:
            other = next(theirs, None)


def _is_same(one: _Held, other: _Held, first: int, last: int) -> bool:
    if one.kind in EMPTIED or other.kind in EMPTIED:
        return True
    if one.kind != other.kind or one.place(first) != other.place(first):
        return False
    if one.kind == Kind.STRING:
        return _same_text(one.text(first, last), other.text(first, last))
    return all(map(same_value, one.values(first, last), other.values(first, last)))


def _same_text(one: bytes, other: bytes) -> bool:
    """Equal code units; half a surrogate pair that somebody cut reads U+FFFD with him, and may be whole elsewhere."""
    return one == other or all(
        a == b or (a == REPLACEMENT and b in SURROGATES) or (b == REPLACEMENT and a in SURROGATES)
        for a, b in zip(memoryview(one).cast("H"), memoryview(other).cast("H"), strict=True)
    )
