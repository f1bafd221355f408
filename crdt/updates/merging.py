"""Merging and cutting updates struct by struct, byte for byte.

The engine's own functions are not used: pycrdt 0.14.13 cannot read JSON values and XML hooks (sometimes it answers
garbage), it drops a surrogate pair that is cut and shifts all clocks after it, it loses the `meta` of subdocuments, and
makes numbers of bigints. Here nothing is decoded that is only passed on.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from typing import NamedTuple

from crdt.codec import var_uint
from crdt.updates.contents import Kind
from crdt.updates.deletes import DeleteRanges
from crdt.updates.splitting import tail
from crdt.updates.state_vectors import decode_state_vector
from crdt.updates.structs import Block, Parsed, Struct, parse, write_blocks

__all__ = ["EMPTY_UPDATE", "diff", "merge"]

EMPTY_UPDATE = b"\x00\x00"


class _Piece(NamedTuple):
    """A block and the update that it lies in."""

    data: bytes
    block: Block


def merge(updates: Sequence[bytes], read: Sequence[Parsed | None] | None = None) -> bytes:
    """Merge updates as Yjs's mergeUpdates does: highest client id first, holes as Skip structs.

    Where two updates hold the same clocks the one that still has content is taken. Linear in the number of structs.
    `read`: what each of them was parsed to, where somebody has done that already.
    Raises MalformedUpdate.
    """
    if len(updates) < 2:
        return updates[0] if updates else EMPTY_UPDATE
    pieces: dict[int, list[_Piece]] = {}
    deletes = DeleteRanges()
    for update, known in zip(updates, read or repeat(None)):  # noqa: B905  `repeat` has no end
        parsed = known or parse(update)
        deletes.add(parsed.deletes)
        for block in parsed.blocks:
            pieces.setdefault(block.client, []).append(_Piece(update, block))
    blocks = (_merged(client, pieces[client]) for client in sorted(pieces, reverse=True))
    return write_blocks((block for block in blocks if block[2]), deletes.encode())


def diff(update: bytes, state_vector: bytes) -> bytes:
    """What somebody with this encoded state vector lacks of `update`; always with all of its delete ranges.

    Raises MalformedUpdate.
    """
    state = decode_state_vector(state_vector)
    parsed = parse(update)
    blocks = (_beyond(_Piece(update, block), state) for block in parsed.blocks)
    return write_blocks((block for block in blocks if block[2]), update[parsed.deletes_at :])


def _merged(client: int, pieces: list[_Piece]) -> tuple[int, int, int, bytes]:
    """One client's block: as it stands where the pieces follow each other, struct by struct where they do not."""
    pieces.sort(key=_first_clock)
    clock = pieces[0].block.clock
    reach = clock
    for piece in pieces:
        structs = piece.block.structs
        if piece.block.clock != reach or structs[0].kind == Kind.SKIP or structs[-1].kind == Kind.SKIP:
            return _chained(client, pieces)
        reach = structs[-1].next_clock
    count = sum(len(block.structs) for _, block in pieces)
    return client, clock, count, b"".join(data[b.structs[0].start : b.structs[-1].end] for data, b in pieces)


def _chained(client: int, pieces: list[_Piece]) -> tuple[int, int, int, bytes]:
    placed = sorted(_placed(pieces), key=_in_order)
    if not placed:
        return client, 0, 0, b""
    written = list(_without_gaps(client, placed))
    return client, placed[0][1].clock, len(written), b"".join(written)


def _placed(pieces: Iterable[_Piece]) -> Iterator[tuple[bytes, Struct]]:
    return ((data, each) for data, block in pieces for each in block.structs if each.kind != Kind.SKIP)


def _first_clock(piece: _Piece) -> int:
    return piece.block.clock


def _in_order(placed: tuple[bytes, Struct]) -> tuple[int, bool, int]:
    struct = placed[1]
    return struct.clock, struct.kind in (Kind.GC, Kind.DELETED), -struct.length


def _without_gaps(client: int, placed: list[tuple[bytes, Struct]]) -> Iterator[bytes]:
    """The structs one after the other: what is there already is left out or cut off, holes are filled by Skips."""
    reach = placed[0][1].clock
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


def _beyond(piece: _Piece, state: Mapping[int, int]) -> tuple[int, int, int, bytes]:
    """The part of a block that lies beyond `state`: the first struct may be cut, the rest is passed on as it stands."""
    data, (client, structs) = piece.data, (piece.block.client, piece.block.structs)
    known = state.get(client, 0)
    at = bisect_right(structs, known, key=_next_clock)
    while at < len(structs) and structs[at].kind == Kind.SKIP:
        at += 1
    if at == len(structs):
        return client, 0, 0, b""
    first = structs[at]
    rest = _from(data, client, first, known) + data[first.end : structs[-1].end]
    return client, max(known, first.clock), len(structs) - at, rest


def _next_clock(struct: Struct) -> int:
    return struct.next_clock
