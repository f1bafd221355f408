"""Yjs v1 updates as bytes: read, merged, cut, squashed and compared without a document (SPEC.md, section U)."""

from crdt.updates.comparing import same_content
from crdt.updates.contained import contents_of, deletes_of, state_of
from crdt.updates.deletes import DeleteRanges
from crdt.updates.hiding import hide
from crdt.updates.merging import EMPTY_UPDATE, diff, merge
from crdt.updates.squashing import squash
from crdt.updates.state_vectors import StateVector, decode_state_vector, encode_state_vector
from crdt.updates.taking import take, with_deletes

__all__ = [
    "EMPTY_UPDATE",
    "DeleteRanges",
    "StateVector",
    "contents_of",
    "decode_state_vector",
    "deletes_of",
    "diff",
    "encode_state_vector",
    "hide",
    "merge",
    "same_content",
    "squash",
    "state_of",
    "take",
    "with_deletes",
]
