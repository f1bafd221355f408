"""The Hocuspocus protocol, v2 to v4: every message carries the address of its document; one socket serves many.

Source: @hocuspocus/server 4.7.0, @hocuspocus/provider 2.15.3, 3.4.4 and 4.8.0; rules W6 to W13 of SPEC.md.
"""

from collections.abc import Callable, Mapping
from enum import IntEnum
from types import MappingProxyType

from crdt.codec import Reader, last_var_bytes, var_bytes, var_string, var_uint
from crdt.errors import MalformedFrame
from crdt.messages import (
    Authenticated,
    AuthToken,
    AwarenessUpdate,
    Detach,
    Detached,
    Ignored,
    Message,
    PermissionDenied,
    Ping,
    Pong,
    QueryAwareness,
    Stateless,
    SyncStatus,
    SyncStep1,
    SyncStep2,
    TokenRequest,
    Update,
)
from crdt.protocols.sync import UPDATE_HEADER, read_sync, write_sync

__all__ = ["decode", "encode", "split_address"]

TOKEN, PERMISSION_DENIED, AUTHENTICATED = range(3)
PING, PONG = b"\x09", b"\x0a"
SESSION_SEPARATOR = "\0"


class Kind(IntEnum):
    """The type that follows the address. 4 (SyncReply) is said between servers only, and ignored here."""

    SYNC = 0
    AWARENESS = 1
    AUTH = 2
    QUERY_AWARENESS = 3
    STATELESS = 5
    BROADCAST_STATELESS = 6
    CLOSE = 7
    SYNC_STATUS = 8


def decode(frame: bytes) -> tuple[str | None, Message]:
    """The address (None for Ping and Pong) and the message of one frame, in either direction.

    Raises MalformedFrame, also for a blank document name and for anything that follows the message.
    """
    if frame == PING:
        return None, Ping()
    if frame == PONG:
        return None, Pong()
    if (edit := _read_edit(frame)) is not None:
        return edit
    reader = Reader(frame)
    address = reader.var_string()
    if not split_address(address)[0].strip().strip("\ufeff"):
        raise MalformedFrame("the document name is blank")
    kind = reader.var_uint()
    message = READERS[kind](reader) if kind in READERS else Ignored(kind)
    if not isinstance(message, Ignored | QueryAwareness):
        reader.finish()
    return address, message


def encode(address: str | None, message: Message) -> bytes:
    """One frame under the same form of the address that the peer used; Ping and Pong have none.

    Raises ValueError for a message that cannot be said so, which is a fault of the caller.
    """
    if type(message) is Update and address is not None:
        return var_string(address) + UPDATE_HEADER + var_bytes(message.update)
    if isinstance(message, Ping):
        return PING
    if isinstance(message, Pong):
        return PONG
    if address is None or isinstance(message, Ignored):
        raise ValueError(f"{type(message).__name__} cannot be said to the address {address!r}")
    return var_string(address) + _write(message)


def _read_edit(frame: bytes) -> tuple[str, Update] | None:
    """An Update to an address that is short and does not begin with a blank; None: look closer."""
    size = frame[0] if frame else 0
    if frame[size + 1 : size + 3] != UPDATE_HEADER or not 0x20 < frame[1] < 0x80 or size > 127:
        return None
    update = last_var_bytes(frame, size + 3)
    address = frame[1 : size + 1]
    return (address.decode(), Update(update)) if update is not None and address.isascii() else None


def split_address(address: str) -> tuple[str, str | None]:
    """The document name, and the session id that v4 providers with `sessionAwareness` add after a NUL."""
    document, separator, session = address.partition(SESSION_SEPARATOR)
    return document, session if separator else None


def _read_auth(reader: Reader) -> Message:
    kind = reader.var_uint()
    if kind == TOKEN:
        if reader.at_end():
            return TokenRequest()
        return AuthToken(reader.var_string(), version=None if reader.at_end() else reader.var_string())
    if kind == PERMISSION_DENIED:
        return PermissionDenied(reader.var_string())
    if kind == AUTHENTICATED:
        return _read_scope(reader)
    raise MalformedFrame(f"auth message {kind} is unknown: 0, 1 and 2 are known")


def _read_scope(reader: Reader) -> Authenticated:
    scope = reader.var_string()
    if scope == "read-write":
        return Authenticated("read-write")
    if scope == "readonly":
        return Authenticated("readonly")
    raise MalformedFrame('the scope is neither "read-write" nor "readonly"')


def _read_status(reader: Reader) -> SyncStatus:
    status = reader.var_uint()
    if status > 1:
        raise MalformedFrame(f"sync status {status} is unknown: 0 and 1 are known")
    return SyncStatus(status == 1)


def _refuse_broadcast(_: Reader) -> Message:
    # It belongs between servers; stock servers from 4.1.1 close a client that sends it.
    raise MalformedFrame("message 6 (BroadcastStateless) is not for clients")


def _write(message: Message) -> bytes:
    kind, body = _said(message)
    return var_uint(kind) + body


def _said(message: Message) -> tuple[Kind, bytes]:
    match message:
        case SyncStep1() | SyncStep2() | Update():
            return Kind.SYNC, write_sync(message)
        case AwarenessUpdate(update):
            return Kind.AWARENESS, var_bytes(update)
        case AuthToken() | TokenRequest() | PermissionDenied() | Authenticated():
            return Kind.AUTH, _write_auth(message)
        case QueryAwareness():
            return Kind.QUERY_AWARENESS, b""
        case Stateless(payload):
            return Kind.STATELESS, var_string(payload)
        case Detach():
            return Kind.CLOSE, b""
        case Detached(reason):
            return Kind.CLOSE, var_string(reason)
        case SyncStatus(applied):
            return Kind.SYNC_STATUS, var_uint(int(applied))
        case Ping() | Pong() | Ignored():
            raise AssertionError("said without an address, or not at all: see encode()")


def _write_auth(message: AuthToken | TokenRequest | PermissionDenied | Authenticated) -> bytes:
    match message:
        case AuthToken(token, version):
            said = var_uint(TOKEN) + var_string(token)
            return said if version is None else said + var_string(version)
        case TokenRequest():
            return var_uint(TOKEN)
        case PermissionDenied(reason):
            return var_uint(PERMISSION_DENIED) + var_string(reason)
        case Authenticated(scope):
            return var_uint(AUTHENTICATED) + var_string(scope)


READERS: Mapping[int, Callable[[Reader], Message]] = MappingProxyType(
    {
        Kind.SYNC: read_sync,
        Kind.AWARENESS: lambda reader: AwarenessUpdate(reader.var_bytes()),
        Kind.AUTH: _read_auth,
        Kind.QUERY_AWARENESS: lambda _: QueryAwareness(),
        Kind.STATELESS: lambda reader: Stateless(reader.var_string()),
        Kind.BROADCAST_STATELESS: _refuse_broadcast,
        Kind.CLOSE: lambda reader: Detach() if reader.at_end() else Detached(reader.var_string()),
        Kind.SYNC_STATUS: _read_status,
    }
)
"""What reads the body of each kind; any other kind is ignored."""
