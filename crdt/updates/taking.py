"""The part of an update below given clocks, and an update with other delete ranges."""

from collections.abc import Mapping

from crdt.updates.contents import Kind
from crdt.updates.deletes import DeleteRanges
from crdt.updates.splitting import head
from crdt.updates.structs import Struct, parse, write_update

__all__ = ["take", "with_deletes"]


def take(update: bytes, until: Mapping[int, int]) -> bytes:
    """The structs and delete ranges below `until`; nothing of a client that is not named there.

    A struct that crosses its clock is cut as Yjs cuts it. Raises MalformedUpdate.
    """
    parsed = parse(update)
    blocks = []
    for block in parsed.blocks:
        limit = until.get(block.client, 0)
        kept = _without_outer_skips([each for each in block.structs if each.clock < limit])
        if kept:
            written = [update[each.start : each.end] for each in kept]
            if kept[-1].next_clock > limit:
                written[-1] = head(update, kept[-1], limit - kept[-1].clock)
            blocks.append((block.client, kept[0].clock, written))
    return write_update(blocks, parsed.deletes.below(until).encode())


def with_deletes(update: bytes, deletes: DeleteRanges) -> bytes:
    """The structs of `update` with `deletes` in the place of its own delete ranges. Raises MalformedUpdate."""
    return update[: parse(update).deletes_at] + deletes.encode()


def _without_outer_skips(structs: list[Struct]) -> list[Struct]:
    while structs and structs[-1].kind == Kind.SKIP:
        structs.pop()
    first = next((at for at, each in enumerate(structs) if each.kind != Kind.SKIP), 0)
    return structs[first:]
