"""The y-websocket protocol: one binary frame is one message about the one document of the socket.

Source: y-protocols 1.0.7 (`sync.js`, `awareness.js`, `auth.js`) and y-websocket 3.1; rules W1 to W5 of SPEC.md.
"""

from crdt.codec import Reader, last_var_bytes, var_bytes, var_string, var_uint
from crdt.messages import (
    AwarenessUpdate,
    Ignored,
    Message,
    PermissionDenied,
    QueryAwareness,
    SyncStep1,
    SyncStep2,
    Update,
)
from crdt.protocols.sync import UPDATE_HEADER, read_sync, write_sync

__all__ = ["decode", "encode"]

SYNC, AWARENESS, AUTH, QUERY_AWARENESS = range(4)
PERMISSION_DENIED = 0


def decode(frame: bytes) -> Message:
    """The message of one frame. Types that nobody here speaks are `Ignored`, as stock servers do.

    Raises MalformedFrame, also for anything that follows the message.
    """
    if frame[:2] == UPDATE_HEADER and (update := last_var_bytes(frame, 2)) is not None:
        return Update(update)
    reader = Reader(frame)
    kind = reader.var_uint()
    if kind == QUERY_AWARENESS:
        return QueryAwareness()  # y-sweet's client puts a body into it
    if kind > QUERY_AWARENESS:
        return Ignored(kind)
    message = _read(reader, kind)
    if not isinstance(message, Ignored):
        reader.finish()
    return message


def encode(message: Message) -> bytes | None:
    """One frame, or None: this protocol has no words for the message."""
    if type(message) is Update:
        return UPDATE_HEADER + var_bytes(message.update)
    match message:
        case SyncStep1() | SyncStep2() | Update():
            return var_uint(SYNC) + write_sync(message)
        case AwarenessUpdate(update):
            return var_uint(AWARENESS) + var_bytes(update)
        case PermissionDenied(reason):
            return var_uint(AUTH) + var_uint(PERMISSION_DENIED) + var_string(reason)
        case QueryAwareness():
            return var_uint(QUERY_AWARENESS)
        case _:
            return None


def _read(reader: Reader, kind: int) -> Message:
    if kind == SYNC:
        return read_sync(reader)
    if kind == AWARENESS:
        return AwarenessUpdate(reader.var_bytes())
    if reader.var_uint() == PERMISSION_DENIED:
        return PermissionDenied(reader.var_string())
    return Ignored(AUTH)  # yrs says "granted" with 1; Jupyter has a message of its own under this type
