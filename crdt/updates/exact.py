"""Merging and cutting updates struct by struct, byte for byte.

The engine does this thirty times faster and not for all that Yjs writes: pycrdt 0.14.13 cannot read JSON values, XML
hooks and JSON numbers beyond 64 bits, it drops the `meta` of subdocuments, and it makes numbers of bigints. (It also
puts the keys of objects in any order and makes 0 of -0: that is let pass, for Yjs promises neither.)
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from crdt.codec import var_uint
from crdt.updates.contents import Kind
from crdt.updates.deletes import DeleteRanges
from crdt.updates.splitting import tail
from crdt.updates.structs import Block, Parsed, Struct, parse, write_update

__all__ = ["diff_exactly", "merge_exactly"]


class _Placed(NamedTuple):
    """A struct and the update that it lies in."""

    data: bytes
    struct: Struct


def merge_exactly(updates: Sequence[bytes]) -> bytes:
    """Merge updates as Yjs's mergeUpdates does: highest client id first, holes as Skip structs.

    Where two updates hold the same clocks the one that still has content is taken. Raises MalformedUpdate.
    """
    held: dict[int, list[_Placed]] = {}
    deletes = DeleteRanges()
    for update in updates:
        parsed = parse(update)
        deletes.add(parsed.deletes)
        for block in parsed.blocks:
            held.setdefault(block.client, []).extend(_placed(update, block))
    blocks = []
    for client in sorted(held, reverse=True):
        placed = sorted(held[client], key=_in_order)
        if placed:
            blocks.append((client, placed[0].struct.clock, list(_chained(client, placed))))
    return write_update(blocks, deletes.encode())


def diff_exactly(update: bytes, state: Mapping[int, int]) -> bytes:
    """What somebody in `state` lacks of `update`, with all of its delete ranges. Raises MalformedUpdate."""
    parsed = parse(update)
    return write_update(_beyond(update, parsed, state), parsed.deletes.encode())


def _placed(update: bytes, block: Block) -> Iterable[_Placed]:
    return (_Placed(update, each) for each in block.structs if each.kind != Kind.SKIP)


def _in_order(placed: _Placed) -> tuple[int, bool, int]:
    struct = placed.struct
    return struct.clock, struct.kind in (Kind.GC, Kind.DELETED), -struct.length


def _chained(client: int, placed: list[_Placed]) -> Iterator[bytes]:
    """The structs one after the other: what is there already is left out or cut off, holes are filled by Skips."""
    reach = placed[0].struct.clock
    for data, struct in placed:
        if struct.next_clock <= reach:
            continue
        if struct.clock > reach:
            yield bytes((Kind.SKIP,)) + var_uint(struct.clock - reach)
        yield _from(data, client, struct, reach)
        reach = struct.next_clock


def _from(data: bytes, client: int, struct: Struct, clock: int) -> bytes:
    """A struct without its clocks below `clock`."""
    if struct.clock >= clock:
        return data[struct.start : struct.end]
    return tail(data, client, struct, clock - struct.clock)


def _beyond(update: bytes, parsed: Parsed, state: Mapping[int, int]) -> Iterator[tuple[int, int, list[bytes]]]:
    for block in parsed.blocks:
        known = state.get(block.client, 0)
        lacking = [each for each in block.structs if each.next_clock > known]
        while lacking and lacking[0].kind == Kind.SKIP:
            del lacking[0]
        if lacking:
            first = max(known, lacking[0].clock)
            yield block.client, first, [_from(update, block.client, each, known) for each in lacking]
