"""Copies of a document that are kept apart from it, and brought into it later. For workers only.

A copy of before a restore shares a past with the document: both begin with the same clocks, and go on with others.
"""

from collections.abc import Sequence

from crdt.document import compact
from crdt.errors import MalformedUpdate, RefusedUpdate
from crdt.guard import Limits, check
from crdt.room.elsewhere import agrees, examine
from crdt.updates import EMPTY_UPDATE, DeleteRanges, StateVector, contents_of, merge

__all__ = ["bring", "set_apart"]

OTHERWISE = "this copy and the document use the same client ids for different content"


def set_apart(document: Sequence[bytes], copy: Sequence[bytes], limits: Limits) -> bytes | None:
    """The copy as one update, as it is to be kept; None: it has nothing that the document lacks. Both are updates.

    The same copy gives the same bytes, however its client has cut it. Raises MalformedUpdate, RefusedUpdate (limit,
    cycle).
    """
    update = merge(copy)
    state, deleted = _known(document)
    checked = check(update, state, deleted, limits)
    differs = checked.overlap and not agrees(document, update, checked.overlap, state)
    if not (checked.fresh or checked.deletes or checked.missing or differs):
        return None
    try:
        return compact(None, [update]).update
    except MalformedUpdate:
        return update  # what cannot be folded is kept as it came


def bring(document: Sequence[bytes], client_id: int, copy: bytes, limits: Limits) -> bytes:
    """The update that brings into the document what it lacks of the copy; an empty one when that is nothing.

    `client_id` is not needed: everything stays its author's. What waits for something that neither has is left out.
    Raises MalformedUpdate; RefusedUpdate (client_id_reused) when the two differ where they should be the same.
    """
    state, deleted = _known(document)
    examined = examine(copy, is_sync=True, state=state, deleted=deleted, limits=limits)
    overlap = examined.checked.overlap
    if overlap and not agrees(document, copy, overlap, state):
        raise RefusedUpdate("client_id_reused", OTHERWISE)
    while examined.part is not None:
        copy, examined = examined.part
    found = examined.checked
    if found.missing or not (found.fresh or found.deletes):
        return EMPTY_UPDATE
    return examined.ready or copy


def _known(document: Sequence[bytes]) -> tuple[StateVector, DeleteRanges]:
    return contents_of(merge(document))
