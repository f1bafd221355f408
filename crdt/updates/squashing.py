"""Joining what was typed one character at a time: fewer structs, the same document.

A struct whose origin is the last clock before it, with the same right origin, is exactly what Yjs's own split makes
of a longer struct. Joining it back loses nothing, whoever inserted in between (architecture page, section 3).
"""

from crdt.codec import Cursor, var_bytes, var_uint
from crdt.updates.contents import Kind
from crdt.updates.structs import HAS_KEY, Block, Struct, parse, write_update

__all__ = ["squash"]


def squash(update: bytes) -> bytes:
    """Join neighbouring String, Deleted and GC structs; every other kind passes unchanged. Raises MalformedUpdate."""
    parsed = parse(update)
    blocks = [(block.client, block.clock, _squashed(update, block)) for block in parsed.blocks]
    return write_update(blocks, parsed.deletes.encode())


def _squashed(data: bytes, block: Block) -> list[bytes]:
    written: list[bytes] = []
    group: list[Struct] = []
    for struct in block.structs:
        if group and not _continues(group[-1], struct, group[0], block.client):
            written.append(_joined(data, group))
            group = []
        group.append(struct)
    written.append(_joined(data, group))
    return written


def _continues(previous: Struct, struct: Struct, first: Struct, client: int) -> bool:
    kind = struct.info & 31
    if kind != first.info & 31:
        return False
    if kind == Kind.GC:
        return True
    return (
        kind in (Kind.STRING, Kind.DELETED)
        and struct.origin == (client, previous.clock + previous.length - 1)
        and struct.right_origin == first.right_origin
        and not (struct.info | first.info) & HAS_KEY
    )


def _joined(data: bytes, group: list[Struct]) -> bytes:
    first = group[0]
    if len(group) == 1:
        return data[first.start : first.end]
    if first.kind == Kind.STRING:
        content = var_bytes(b"".join([Cursor(data, each.content).var_bytes() for each in group]))
    else:
        content = var_uint(group[-1].next_clock - first.clock)
    return data[first.start : first.content] + content
