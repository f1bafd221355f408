"""Server-sent events as they stand in the body of an answer (WHATWG HTML, 9.2), and the positions in their ids."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as BadBase64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from persistence.events import StreamPosition
from server.realtime.feed.presence import Person, PresenceChange
from server.realtime.feed.publication import FeedVoice, Publication
from server.realtime.frames import Frame

__all__ = [
    "KEEP_ALIVE",
    "LONGEST_ID",
    "EventStreamVoice",
    "Piece",
    "event",
    "here",
    "identified",
    "met",
    "position_id",
    "positions_of",
]

LONGEST_ID = 4096
LARGEST_OFFSET = 1 << 63


class Piece(Frame):
    """Whole events of a body: the end of a piece is a place to stop."""

    __slots__ = ()

    def __init__(self, payload: bytes) -> None:
        self.payload = self.wire = payload


KEEP_ALIVE = Piece(b":\n\n")
"""A comment, which clients pass over and proxies take for life."""


@dataclass(frozen=True, slots=True, eq=False)
class EventStreamVoice:
    """One piece for everybody; what differs from client to client is the id before it (`identified`)."""

    def encode(self, publication: Publication) -> Piece:
        return Piece(_event(publication.type, publication.body))


_keeps_the_promise: type[FeedVoice] = EventStreamVoice


def event(name: str, data: Mapping[str, Any], *, id_: str | None = None, retry_ms: int | None = None) -> Piece:
    """An event of the stream's own. `retry_ms`: after how long a client that is cut off comes back."""
    retry = b"" if retry_ms is None else b"retry: %d\n" % retry_ms
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return Piece(_identity(id_) + retry + _event(name, body))


def here(channel: str, people: Iterable[Person]) -> Piece:
    """Everybody who is in the channel, each once. Presence has no id: it is not what a client goes on from."""
    return event("presence", {"channel": channel, "here": _users({each.user_id: each for each in people}.values())})


def met(change: PresenceChange) -> Piece:
    channel, joined, left = change.key[1], _users(change.joined), _users(change.left)
    return event("presence", {"channel": channel, "joined": joined, "left": left})


def _users(people: Iterable[Person]) -> list[dict[str, str]]:
    return [{"id": each.user_id, "name": each.name} for each in people]


def identified(id_: str, piece: Frame) -> Piece:
    """The piece under this id, in one: a client never sees the one without the other."""
    return Piece(_identity(id_) + piece.payload)


def position_id(names: Sequence[str], positions: Mapping[str, StreamPosition]) -> str:
    """Where a client is in all of its channels: in the order in which it has named them."""
    found = (positions.get(name) for name in names)
    text = ",".join("" if each is None else f"{each.epoch}:{each.offset}" for each in found)
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def positions_of(id_: str, names: Sequence[str]) -> dict[str, StreamPosition]:
    """What `position_id` has made for these names. All else stands for nothing: its client reads the rows again."""
    if not id_ or len(id_) > LONGEST_ID or not id_.isascii():
        return {}
    try:
        parts = urlsafe_b64decode(id_ + "=" * (-len(id_) % 4)).decode("ascii").split(",")
    except (BadBase64, ValueError):
        return {}
    if len(parts) != len(names):
        return {}
    return dict(_read(zip(names, parts, strict=True)))


def _read(parts: Iterable[tuple[str, str]]) -> Iterable[tuple[str, StreamPosition]]:
    for name, part in parts:
        epoch, colon, offset = part.partition(":")
        if epoch and colon and offset.isdigit() and len(offset) < 20 and int(offset) < LARGEST_OFFSET:
            yield name, StreamPosition(epoch, int(offset))


def _identity(id_: str | None) -> bytes:
    return b"" if id_ is None else b"id: %b\n" % id_.encode()


def _event(name: str, data: str) -> bytes:
    """A line feed in the data begins a line of its own, so that none ends the event."""
    lines = data.replace("\r", "").replace("\n", "\ndata: ") if "\n" in data or "\r" in data else data
    return f"event: {name}\ndata: {lines}\n\n".encode()
