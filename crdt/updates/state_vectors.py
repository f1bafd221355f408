"""State vectors: how far each client's clocks are known."""

from collections.abc import Mapping
from typing import TypeAlias

from crdt.codec import UNREADABLE, Cursor, explained, var_uint
from crdt.errors import MalformedUpdate

__all__ = ["StateVector", "decode_state_vector", "encode_state_vector"]

StateVector: TypeAlias = dict[int, int]
"""Client id -> the next clock that is not known."""


def encode_state_vector(state: Mapping[int, int]) -> bytes:
    """Encode as Yjs does: highest client id first."""
    out = bytearray(var_uint(len(state)))
    for client in sorted(state, reverse=True):
        out += var_uint(client) + var_uint(state[client])
    return bytes(out)


def decode_state_vector(data: bytes, max_clients: int = 100_000) -> StateVector:
    """Read an encoded state vector. Raises MalformedUpdate; a false header costs no memory."""
    try:
        cursor = Cursor(data)
        clients = cursor.count(bytes_each=2)
        if clients > max_clients:
            raise MalformedUpdate(f"a state vector names {clients} clients; the limit is {max_clients}")
        state = {cursor.var_uint(): cursor.var_uint() for _ in range(clients)}
        cursor.finish()
    except UNREADABLE as problem:
        raise MalformedUpdate(f"the state vector cannot be read: {explained(problem)}") from None
    return state
