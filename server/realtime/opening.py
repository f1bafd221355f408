"""From the log's answer to the state that a room starts with."""

import logging

from crdt.errors import CrdtError
from crdt.room import Opening
from crdt.updates import DeleteRanges, StateVector, contents_of, decode_state_vector
from persistence.log import Opened

__all__ = ["opening_of"]

EMPTY = b"\x00\x00"

log = logging.getLogger(__name__)


def opening_of(opened: Opened) -> Opening:
    """The snapshot's state with what the rows after it add.

    The rows were guarded before they were logged. One that is no update all the same (another version logged it) is
    passed over: no client could take it either, and it stays in the log.
    """
    snapshot = opened.snapshot
    state: StateVector = decode_state_vector(snapshot.state_vector) if snapshot else {}
    deleted = DeleteRanges.decode(snapshot.deletes) if snapshot else DeleteRanges()
    rows: list[bytes] = []
    for position, row in opened.rows:
        try:
            ends, ranges = contents_of(row)
        except CrdtError as error:
            log.warning(
                "a row is no update", extra={"document": opened.document, "position": position, "reason": str(error)}
            )
            continue
        rows.append(row)
        for client, end in ends.items():
            state[client] = max(end, state.get(client, 0))
        deleted.add(ranges)
    return Opening(snapshot.update if snapshot else EMPTY, state, deleted, tuple(rows), opened.owners)
