"""An update with some of its clocks hidden: workers read the rest of a document around what they cannot read."""

from collections.abc import Iterator

from crdt.codec import var_uint
from crdt.updates.contents import Kind
from crdt.updates.deletes import DeleteRanges
from crdt.updates.splitting import head, tail
from crdt.updates.structs import Struct, parse, write_update

__all__ = ["hide"]

KIND_BITS = 31
EMPTY_KINDS = frozenset({Kind.GC, Kind.SKIP})


def hide(update: bytes, hidden: DeleteRanges, *, keep_place: bool) -> bytes:
    """The same clocks, with nothing to be seen at those of `hidden`. Raises MalformedUpdate.

    With their place kept they become deleted items: what was typed beside them stays where it is. Without it they
    become garbage, which names nothing: what was typed within them is lost to the reader, too.
    """
    if not hidden:
        return update
    parsed, ranges = parse(update), dict(hidden)
    blocks = []
    for block in parsed.blocks:
        own = ranges.get(block.client, [])
        written: list[bytes] = []
        for struct in block.structs:
            concerned = struct.kind not in EMPTY_KINDS and _overlap(struct, own)
            if concerned:
                written += _pieces(update, block.client, struct, concerned, keep_place=keep_place)
            else:
                written.append(update[struct.start : struct.end])
        blocks.append((block.client, block.clock, written))
    return write_update(blocks, update[parsed.deletes_at :])


def _overlap(struct: Struct, ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The parts of a struct's clocks that lie in the ranges."""
    both = ((max(start, struct.clock), min(end, struct.next_clock)) for start, end in ranges)
    return [(start, end) for start, end in both if start < end]


def _pieces(
    data: bytes, client: int, struct: Struct, hidden: list[tuple[int, int]], *, keep_place: bool
) -> Iterator[bytes]:
    at = struct.clock
    for start, end in hidden:
        if at < start:
            yield _cut(data, client, struct, at, start)
        yield _stand_in(data, client, struct, start, end, keep_place=keep_place)
        at = end
    if at < struct.next_clock:
        yield _cut(data, client, struct, at, struct.next_clock)


def _cut(data: bytes, client: int, struct: Struct, start: int, end: int) -> bytes:
    """The clocks from `start` to `end` of a struct, as a struct."""
    if start > struct.clock:
        rest = tail(data, client, struct, start - struct.clock)
        data = write_update([(client, start, [rest])], b"\0")
        struct = parse(data).blocks[0].structs[0]
    if end < struct.next_clock:
        return head(data, struct, end - start)
    return data[struct.start : struct.end]


def _stand_in(data: bytes, client: int, struct: Struct, start: int, end: int, *, keep_place: bool) -> bytes:
    if not keep_place:
        return bytes((Kind.GC,)) + var_uint(end - start)
    if start > struct.clock:  # as the tail of anything that is deleted
        gone = bytes((struct.info & ~KIND_BITS | Kind.DELETED,)) + data[struct.start + 1 : struct.content]
        whole = write_update([(client, struct.clock, [gone + var_uint(struct.length)])], b"\0")
        return _cut(whole, client, parse(whole).blocks[0].structs[0], start, end)
    info = struct.info & ~KIND_BITS | Kind.DELETED
    return bytes((info,)) + data[struct.start + 1 : struct.content] + var_uint(end - start)
