"""From the log's answer to the state that a room starts with."""

from crdt.room import Opening
from crdt.updates import DeleteRanges, StateVector, contents_of, decode_state_vector
from persistence.log import Opened

__all__ = ["opening_of"]

EMPTY = b"\x00\x00"


def opening_of(opened: Opened) -> Opening:
    """The snapshot's state with what the rows after it add. The rows were guarded before they were logged."""
    snapshot = opened.snapshot
    state: StateVector = decode_state_vector(snapshot.state_vector) if snapshot else {}
    deleted = DeleteRanges.decode(snapshot.deletes) if snapshot else DeleteRanges()
    rows = tuple(update for _, update in opened.rows)
    for row in rows:
        ends, ranges = contents_of(row)
        for client, end in ends.items():
            state[client] = max(end, state.get(client, 0))
        deleted.add(ranges)
    return Opening(snapshot.update if snapshot else EMPTY, state, deleted, rows, opened.owners)
