"""What a room has worked out in another process: functions on bytes that are too much for the loop that all share.

Each stands at the top of this module and takes and answers what can be pickled; none knows a room.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crdt.guard import Checked, Limits, check
from crdt.updates import DeleteRanges, diff, encode_state_vector, merge, same_content, take, with_deletes

__all__ = ["Examined", "agrees", "examine", "joined", "lacking", "prepared"]


@dataclass(frozen=True, slots=True)
class Examined:
    """What the guard says of an update, and the bytes that follow from it.

    ready: what is to be logged and relayed when it is taken; None: the update as it stands
    part: when something is missing and a part can be taken now: that part, and what the guard says of it
    """

    checked: Checked
    ready: bytes | None = None
    part: "tuple[bytes, Examined] | None" = None


def examine(update: bytes, is_sync: bool, state: Mapping[int, int], deleted: DeleteRanges, limits: Limits) -> Examined:
    """Guard an update against what is known. Raises MalformedUpdate, or RefusedUpdate."""
    checked = check(update, state, deleted, limits)
    if not checked.missing:
        ready = prepared(update, checked, is_sync=is_sync) if checked.fresh or checked.deletes else update
        return Examined(checked, None if ready is update else ready)
    if checked.contiguous is None:
        return Examined(checked)
    part = take(update, checked.contiguous)
    return Examined(checked, part=(part, examine(part, is_sync, state, deleted, limits)))


def prepared(update: bytes, checked: Checked, *, is_sync: bool) -> bytes:
    """What is to be logged of an update: without known clocks, and of a SyncStep2 without known delete ranges."""
    if checked.overlap:
        known = {client: end for client, (_, end) in checked.overlap.items()}
        update = diff(update, encode_state_vector(known))
    if checked.overlap or is_sync:
        update = with_deletes(update, checked.deletes)
    return update


def agrees(
    document: Sequence[bytes], update: bytes, overlap: Mapping[int, tuple[int, int]], state: Mapping[int, int]
) -> bool:
    """Does the update say of the known clocks in `overlap` what the document (as updates) says of them?"""
    start = {client: first for client, (first, _) in overlap.items()}
    known = diff(merge(document), encode_state_vector({**state, **start}))
    return same_content(known, update, overlap)


def joined(updates: Sequence[bytes]) -> bytes:
    """These updates as one."""
    return merge(updates)


def lacking(document: Sequence[bytes], state_vector: bytes) -> bytes:
    """What somebody with this state vector lacks of the document (as updates). Raises MalformedUpdate."""
    return diff(merge(document), state_vector)
