"""The ways down of Centrifugo's emulation: a line for each message (http_stream), or an event (sse)."""

from typing import ClassVar

from server.realtime.feed.centrifuge.codes import Disconnect
from server.realtime.feed.centrifuge.replies import disconnected
from server.realtime.sockets.response import ResponseTransport

__all__ = ["EmulatedTransport", "EventTransport", "LineTransport"]


class EmulatedTransport(ResponseTransport):
    """Its last words are the code that a WebSocket would be closed with."""

    media_type: ClassVar[str]

    def close(self, code: int, reason: str) -> None:
        self.write(disconnected(Disconnect(code, reason)))
        super().close(code, reason)


class LineTransport(EmulatedTransport):
    media_type = "application/x-ndjson; charset=utf-8"

    def _wrapped(self, payload: bytes) -> bytes:
        return payload + b"\n"


class EventTransport(EmulatedTransport):
    """Events without a name, which EventSource hears as `message`."""

    media_type = "text/event-stream; charset=utf-8"

    def _wrapped(self, payload: bytes) -> bytes:
        if b"\n" in payload:
            payload = payload.replace(b"\n", b"\ndata: ")
        return b"data: %b\n\n" % payload
