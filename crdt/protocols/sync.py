"""The sync messages, which both wire protocols carry in the same form (y-protocols 1.0.7, `sync.js`)."""

from crdt.codec import Reader, var_bytes, var_uint
from crdt.errors import MalformedFrame
from crdt.messages import SyncStep1, SyncStep2, Update

__all__ = ["UPDATE_HEADER", "read_sync", "write_sync"]

STEP_1, STEP_2, UPDATE = range(3)
UPDATE_HEADER = b"\x00\x02"
"""In both protocols: a sync message, an Update; nearly every frame is one."""


def read_sync(reader: Reader) -> SyncStep1 | SyncStep2 | Update:
    """The sync message at the reader's place. Raises MalformedFrame; what follows is the caller's to check."""
    kind = reader.var_uint()
    payload = reader.var_bytes()
    if kind == STEP_1:
        return SyncStep1(payload)
    if kind == STEP_2:
        return SyncStep2(payload)
    if kind == UPDATE:
        return Update(payload)
    raise MalformedFrame(f"sync message {kind} is unknown: 0, 1 and 2 are known")


def write_sync(message: SyncStep1 | SyncStep2 | Update) -> bytes:
    """What `read_sync` reads."""
    match message:
        case SyncStep1(state_vector):
            return var_uint(STEP_1) + var_bytes(state_vector)
        case SyncStep2(update):
            return var_uint(STEP_2) + var_bytes(update)
        case Update(update):
            return var_uint(UPDATE) + var_bytes(update)
