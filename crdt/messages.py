"""What can be said about a document, whichever wire protocol carries it (wire-protocol facts: SPEC.md, section W)."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = [
    "AuthToken",
    "Authenticated",
    "AwarenessUpdate",
    "Detach",
    "Detached",
    "Ignored",
    "Message",
    "PermissionDenied",
    "Ping",
    "Pong",
    "QueryAwareness",
    "Stateless",
    "SyncStatus",
    "SyncStep1",
    "SyncStep2",
    "TokenRequest",
    "Update",
]


@dataclass(frozen=True, slots=True)
class SyncStep1:
    """I know this much (an encoded state vector); send me the rest."""

    state_vector: bytes


@dataclass(frozen=True, slots=True)
class SyncStep2:
    """The answer to a SyncStep1: what you lack, as an update."""

    update: bytes


@dataclass(frozen=True, slots=True)
class Update:
    """Something was edited."""

    update: bytes


@dataclass(frozen=True, slots=True)
class AwarenessUpdate:
    """Encoded awareness entries (see crdt.awareness)."""

    update: bytes


@dataclass(frozen=True, slots=True)
class QueryAwareness:
    """Tell me everybody's awareness state."""


@dataclass(frozen=True, slots=True)
class AuthToken:
    """Hocuspocus, client to server: the credential for one address; providers from v4 add their version."""

    token: str
    version: str | None


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """Hocuspocus, server to client: send your token again (v3.4 and later)."""


@dataclass(frozen=True, slots=True)
class PermissionDenied:
    """Server to client: you may not open this document."""

    reason: str


@dataclass(frozen=True, slots=True)
class Authenticated:
    """Hocuspocus, server to client: come in."""

    scope: Literal["read-write", "readonly"]


@dataclass(frozen=True, slots=True)
class Stateless:
    """Hocuspocus: a payload that is not part of the document."""

    payload: str


@dataclass(frozen=True, slots=True)
class Detach:
    """Hocuspocus, client to server: I leave this document; the socket stays."""


@dataclass(frozen=True, slots=True)
class Detached:
    """Hocuspocus, server to client: you are no longer in this document."""

    reason: str


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """Hocuspocus, server to client: one update of yours is saved (or was not applied)."""

    applied: bool


@dataclass(frozen=True, slots=True)
class Ping:
    """Hocuspocus v4, server to client: a frame of one byte, without an address."""


@dataclass(frozen=True, slots=True)
class Pong:
    """Hocuspocus v4, client to server: the answer to a Ping."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """A message of a type that nobody here speaks; stock servers pass over it in silence, and so do we."""

    type: int


Message: TypeAlias = (
    SyncStep1
    | SyncStep2
    | Update
    | AwarenessUpdate
    | QueryAwareness
    | AuthToken
    | TokenRequest
    | PermissionDenied
    | Authenticated
    | Stateless
    | Detach
    | Detached
    | SyncStatus
    | Ping
    | Pong
    | Ignored
)
