"""What nodes tell each other of a document, as bytes: rows that are committed, who is present, a digest at rest.

    message   = mac (16 bytes) | version (1) | kind (1) | incarnation (varString) | body
    committed = first | last (varUints) | owners: count, then (client id varUint, user varString) each
                | updates: count, then varUint8Array each: one for each position, or none: read the log
    digest    = position (varUint) | digest (8 bytes)
    presence  = node (varString) | whole (0 or 1) | count, then (client id, clock (varUints), user (varString; empty:
                none), state (varString; empty: it has gone)) each
    question  = node (varString): who is present at your node?

The MAC is HMAC-SHA256 (RFC 2104, cut to 128 bits as its section 5 allows) over the document's id and all that follows,
by a key that is the same on every node and in no broker (rule A12). A message that comes again, late or never does no
harm: positions are compared with what is known, and the log has everything.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from crdt.awareness import Entry, Seen
from crdt.codec import UNREADABLE, Cursor, explained, var_bytes, var_string, var_uint

__all__ = ["DIGEST_BYTES", "MOST_BYTES", "BadMessage", "Committed", "Digest", "Message", "Presence", "Question", "Wire"]

VERSION = 1
COMMITTED, DIGEST, PRESENCE, QUESTION = 1, 2, 3, 4
MAC_BYTES = 16
DIGEST_BYTES = 8
MOST_BYTES = 64 << 10
"""Updates that are longer together stay in the log, where whoever serves the document reads them."""
MOST_OWNERS = 1_000
"""More client ids than that are learned from the log, too: at the next opening."""


class BadMessage(ValueError):
    """Bytes that no node of this version, with this key, has sent about this document."""


@dataclass(frozen=True, slots=True)
class Committed:
    """Rows `first` to `last` of the log; `updates` are theirs, or () for: read the log."""

    incarnation: str
    first: int
    last: int
    owners: tuple[tuple[int, str], ...] = ()
    updates: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Digest:
    """What a node holds that has nothing but the log's rows up to `position`."""

    incarnation: str
    position: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class Presence:
    """Who moved at a node, or has gone; `whole`: who is there, and nobody else is."""

    incarnation: str
    node: str
    whole: bool
    seen: tuple[Seen, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A node has opened the document, or may have missed something: who is present at the others?"""

    incarnation: str
    node: str


Message: TypeAlias = Committed | Digest | Presence | Question


class Wire:
    """Messages with a key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def encode(self, document: str, message: Message) -> bytes:
        if isinstance(message, Committed):
            kind, body = COMMITTED, _committed(message)
        elif isinstance(message, Presence):
            kind, body = PRESENCE, _presence(message)
        elif isinstance(message, Digest):
            kind, body = DIGEST, var_uint(message.position) + message.digest
        else:
            kind, body = QUESTION, var_string(message.node)
        said = bytes((VERSION, kind)) + var_string(message.incarnation) + body
        return self._mac(document, said) + said

    def decode(self, document: str, payload: bytes) -> Message:
        """Raises BadMessage."""
        said = payload[MAC_BYTES:]
        if not hmac.compare_digest(payload[:MAC_BYTES], self._mac(document, said)):
            raise BadMessage("nobody who has the key has written this about this document")
        try:
            return _read(Cursor(said))
        except UNREADABLE as problem:
            raise BadMessage(explained(problem)) from None

    def _mac(self, document: str, said: bytes) -> bytes:
        return hmac.digest(self._key, var_string(document) + said, "sha256")[:MAC_BYTES]


def _committed(message: Committed) -> bytes:
    updates = message.updates if sum(map(len, message.updates)) <= MOST_BYTES else ()
    owners = message.owners if len(message.owners) <= MOST_OWNERS else ()
    parts = [var_uint(message.first), var_uint(message.last), var_uint(len(owners))]
    parts += [var_uint(client) + var_string(user) for client, user in owners]
    parts.append(var_uint(len(updates)))
    parts += map(var_bytes, updates)
    return b"".join(parts)


def _presence(message: Presence) -> bytes:
    parts = [var_string(message.node), bytes((message.whole,)), var_uint(len(message.seen))]
    for entry, user in message.seen:
        parts.append(var_uint(entry.client_id) + var_uint(entry.clock) + var_string(user or ""))
        parts.append(var_string(entry.state or ""))
    return b"".join(parts)


def _read(cursor: Cursor) -> Message:
    """Raises UNREADABLE."""
    version, kind = cursor.byte(), cursor.byte()
    if version != VERSION:
        raise ValueError(f"version {version} is not known here")
    incarnation = cursor.string()
    message: Message
    match kind:
        case 1:
            message = _read_committed(cursor, incarnation)
        case 2:
            message = Digest(incarnation, cursor.var_uint(), cursor.take(DIGEST_BYTES))
        case 3:
            message = _read_presence(cursor, incarnation)
        case 4:
            message = Question(incarnation, cursor.string())
        case _:
            raise ValueError(f"kind {kind} is not known here")
    cursor.finish()
    return message


def _read_committed(cursor: Cursor, incarnation: str) -> Committed:
    first, last = cursor.var_uint(), cursor.var_uint()
    if not 1 <= first <= last:
        raise ValueError(f"no rows stand from {first} to {last}")
    owners = [(cursor.var_uint(), cursor.string()) for _ in range(_at_most(cursor.count(2), MOST_OWNERS))]
    updates: Sequence[bytes] = [cursor.var_bytes() for _ in range(cursor.count(1))]
    if updates and len(updates) != last - first + 1:
        raise ValueError(f"{len(updates)} updates stand for {last - first + 1} rows")
    if sum(map(len, updates)) > MOST_BYTES:
        raise ValueError("the updates are longer than a message may be")
    return Committed(incarnation, first, last, tuple(owners), tuple(updates))


def _read_presence(cursor: Cursor, incarnation: str) -> Presence:
    node, whole = cursor.string(), cursor.byte()
    if whole > 1:
        raise ValueError("whole is neither 0 nor 1")
    return Presence(incarnation, node, bool(whole), tuple([_read_seen(cursor) for _ in range(cursor.count(4))]))


def _read_seen(cursor: Cursor) -> Seen:
    client_id, clock, user, state = cursor.var_uint(), cursor.var_uint(), cursor.string(), cursor.string()
    return Seen(Entry(client_id, clock, state or None), user or None)


def _at_most(number: int, limit: int) -> int:
    if number > limit:
        raise ValueError(f"{number} things are announced; the limit is {limit}")
    return number
