"""The structs of an update, read one after the other: where each lies in the bytes, and what it depends on."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from crdt.codec import UNREADABLE, Cursor, explained, var_uint
from crdt.errors import MalformedUpdate, RefusedUpdate
from crdt.updates.contents import Kind, read_content
from crdt.updates.deletes import MAX_CLOCK, DeleteRanges, read_deletes

__all__ = ["Block", "Id", "Parsed", "Struct", "parse", "root_names", "write_blocks", "write_update"]

Id: TypeAlias = tuple[int, int]
"""(client id, clock): one character, one value or one deleted place."""

Own: TypeAlias = tuple[int, bytes]
"""The client id of a block, and how it is written: most ids that its structs name are its own."""

HAS_ORIGIN = 0x80
HAS_RIGHT_ORIGIN = 0x40
HAS_KEY = 0x20


@dataclass(slots=True)
class Struct:
    """One struct: `clock` up to `clock + length`, at data[start:end]; its content at data[content:end]."""

    clock: int
    length: int
    info: int
    origin: Id | None
    right_origin: Id | None
    parent: Id | str | None
    """An item's id, or the name of a root; None when an origin tells it, and for GC and Skip."""
    start: int
    content: int
    end: int

    @property
    def kind(self) -> int:
        return self.info & 31

    @property
    def next_clock(self) -> int:
        return self.clock + self.length


@dataclass(slots=True)
class Block:
    """Consecutive structs of one client, from `clock` on; never empty."""

    client: int
    clock: int
    structs: list[Struct]


@dataclass(slots=True)
class Parsed:
    """A whole update. Each client has one block."""

    blocks: list[Block]
    deletes: DeleteRanges
    deletes_at: int
    """Where the delete set begins."""
    structs: int
    """How many; the delete ranges are not among them."""


def parse(update: bytes, max_structs: int = sys.maxsize, max_ranges: int = sys.maxsize) -> Parsed:
    """Read an update and check its form (SPEC.md, G1 to G9).

    Raises MalformedUpdate, or RefusedUpdate when it has more structs or delete ranges than these, or
    a value that nests too deep.
    """
    try:
        cursor = Cursor(update)
        number = cursor.count(bytes_each=5)
        blocks: list[Block] = []
        total = 0
        for _ in range(number):
            count = cursor.count(bytes_each=2)
            total += count
            if total > max_structs:
                raise RefusedUpdate("limit", f"the update has over {max_structs} structs")
            blocks.append(_read_block(cursor, count))
        if number > 1 and len({block.client for block in blocks}) < number:
            raise MalformedUpdate("a client has two blocks in one update")
        deletes_at = cursor.position
        deletes = read_deletes(cursor, max_ranges)
        cursor.finish()
    except UNREADABLE as problem:
        raise MalformedUpdate(f"the update cannot be read: {explained(problem)}") from None
    return Parsed(blocks, deletes, deletes_at, total)


def write_update(blocks: Iterable[tuple[int, int, Sequence[bytes]]], deletes: bytes) -> bytes:
    """Write (client id, first clock, the bytes of each struct) of each block, and an encoded delete set."""
    return write_blocks(
        ((client, clock, len(structs), b"".join(structs)) for client, clock, structs in blocks if structs), deletes
    )


def write_blocks(blocks: Iterable[tuple[int, int, int, bytes]], deletes: bytes) -> bytes:
    """Write (client id, first clock, number of structs, their bytes) of each block, and an encoded delete set."""
    out = bytearray()
    written = 0
    for client, clock, count, structs in blocks:
        out += var_uint(count) + var_uint(client) + var_uint(clock) + structs
        written += 1
    return var_uint(written) + bytes(out) + deletes


def root_names(parsed: Parsed) -> frozenset[str]:
    """The roots that the structs name."""
    return frozenset([each.parent for block in parsed.blocks for each in block.structs if type(each.parent) is str])


def _read_block(cursor: Cursor, count: int) -> Block:
    if not count:
        raise ValueError("a client has no structs")
    start = cursor.position
    client = cursor.var_uint()
    own = client, cursor.data[start : cursor.position]
    clock = first = cursor.var_uint()
    structs = []
    for _ in range(count):
        struct = _read_struct(cursor, clock, own)
        structs.append(struct)
        clock = struct.clock + struct.length
        if struct.length < 1 or clock > MAX_CLOCK:
            raise ValueError(f"a struct has the impossible length {struct.length} at clock {struct.clock}")
    return Block(client, first, structs)


def _read_struct(cursor: Cursor, clock: int, own: Own) -> Struct:
    start = cursor.position
    info = cursor.byte()
    kind = info & 31
    if kind == Kind.GC or kind == Kind.SKIP:  # noqa: PLR1714  twice as fast as `in`
        if info != kind:
            raise ValueError(f"a struct has the impossible info {info}")
        length = cursor.var_uint()
        return Struct(clock, length, info, None, None, None, start, start + 1, cursor.position)
    origin = right_origin = parent = None
    if info & HAS_ORIGIN:
        origin = _read_id(cursor, own)
    if info & HAS_RIGHT_ORIGIN:
        right_origin = _read_id(cursor, own)
    if info < HAS_RIGHT_ORIGIN:
        parent = _read_parent(cursor)
        if info & HAS_KEY:
            cursor.string()
    content = cursor.position
    length = read_content(kind, cursor)
    return Struct(clock, length, info, origin, right_origin, parent, start, content, cursor.position)


def _read_id(cursor: Cursor, own: Own) -> Id:
    client, written = own
    if cursor.data.startswith(written, cursor.position):  # no number is the beginning of another
        cursor.position += len(written)
        return client, cursor.var_uint()
    return cursor.var_uint(), cursor.var_uint()


def _read_parent(cursor: Cursor) -> Id | str:
    is_root = cursor.var_uint()
    if is_root > 1:
        raise ValueError(f"a struct has the impossible parent info {is_root}")
    return cursor.string() if is_root else (cursor.var_uint(), cursor.var_uint())
