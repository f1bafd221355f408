"""What an update contains: how far it reaches by itself, and what it deletes."""

from crdt.updates.contents import Kind
from crdt.updates.deletes import DeleteRanges
from crdt.updates.state_vectors import StateVector
from crdt.updates.structs import Block, parse

__all__ = ["contents_of", "deletes_of", "state_of"]


def state_of(update: bytes) -> StateVector:
    """How far each client is known from this update alone: from clock 0 to the first gap.

    The same answer as Yjs's encodeStateVectorFromUpdate. Raises MalformedUpdate.
    """
    reach = {block.client: _reach(block) for block in parse(update).blocks}
    return {client: clock for client, clock in reach.items() if clock}


def deletes_of(update: bytes) -> DeleteRanges:
    """The delete set of this update. Raises MalformedUpdate."""
    return parse(update).deletes


def contents_of(update: bytes) -> tuple[StateVector, DeleteRanges]:
    """Where each client's structs end, wherever they begin, and the delete set. Raises MalformedUpdate."""
    parsed = parse(update)
    return {block.client: block.structs[-1].next_clock for block in parsed.blocks}, parsed.deletes


def _reach(block: Block) -> int:
    if block.clock:
        return 0
    for struct in block.structs:
        if struct.kind == Kind.SKIP:
            return struct.clock
    return block.structs[-1].next_clock
