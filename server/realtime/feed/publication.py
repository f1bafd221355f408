"""One event as it goes to many: its bytes are made once for each way to say it, and shared."""

from typing import Any, Protocol, TypeAlias

from persistence.events import StoredEvent, StreamKey
from server.events.catalogue import EVENT_OF_TYPE, KINDS, Row
from server.realtime.frames import Frame
from server.realtime.json_topic import JsonTopic

__all__ = ["EVENTS", "FeedVoice", "Payload", "Publication", "payload_of", "publication_of"]

Payload: TypeAlias = dict[str, Any]
"""What goes over the broker."""

EVENTS = JsonTopic(
    "events",
    (
        *((name, (str,)) for name in ("organisation", "stream", "epoch", "id_", "type_", "body")),
        ("offset", (int,)),
    ),
)
"""Committed events. Nodes drop what they have heard before, and read what they have not heard."""


class FeedVoice(Protocol):
    """How a transport says an event. Each has one voice for all of its connections: it is looked up for each delivery,
    and an identity is found faster than an equal."""

    def encode(self, publication: "Publication") -> Frame:
        """One frame, which is written to everybody who listens in this voice."""
        ...


class Publication:
    """An event at its place in a stream. `body` is its CloudEvents JSON; never changed, freely shared.

    What is told and not kept has no place: its `epoch` is empty, and its offset 0.
    """

    __slots__ = ("_frames", "body", "epoch", "id", "is_narrow", "offset", "organisation", "row", "stream", "type")

    def __init__(
        self, *, organisation: str, stream: str, epoch: str, offset: int, id_: str, type_: str, body: str
    ) -> None:
        self.organisation = organisation
        self.stream = stream
        self.epoch = epoch
        self.offset = offset
        self.id = id_
        self.type = type_
        self.body = body
        self.row = _row(type_)
        self.is_narrow = self.row is None or self.row.is_narrow
        self._frames: dict[FeedVoice, Frame] = {}

    @property
    def key(self) -> StreamKey:
        return self.organisation, self.stream

    @property
    def is_kept(self) -> bool:
        """It has a place in a stream, from which a client can go on."""
        return bool(self.epoch)

    @property
    def size(self) -> int:
        """Characters of the body: about what it keeps of the memory."""
        return len(self.body)

    def frame(self, voice: FeedVoice) -> Frame:
        """The same frame for equal voices, made when it is first asked for."""
        try:
            return self._frames[voice]
        except KeyError:
            found = self._frames[voice] = voice.encode(self)
            return found


def publication_of(event: StoredEvent) -> Publication:
    return Publication(
        organisation=event.organisation_id,
        stream=event.stream,
        epoch=event.epoch,
        offset=event.offset,
        id_=event.id,
        type_=event.type,
        body=event.body,
    )


def payload_of(event: StoredEvent) -> Payload:
    return {
        "organisation": event.organisation_id,
        "stream": event.stream,
        "epoch": event.epoch,
        "offset": event.offset,
        "id_": event.id,
        "type_": event.type,
        "body": event.body,
    }


def _row(type_: str) -> Row | None:
    """None for a kind of a later version: who may see it is not known here, so nobody does."""
    kind = EVENT_OF_TYPE.get(type_)
    return KINDS[kind] if kind is not None else None
