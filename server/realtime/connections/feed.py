"""What connections for events have in common: what is written to one that does not read is bounded."""

from abc import abstractmethod
from uuid import uuid4

from server.clock import Clock
from server.realtime.connections.base import Connection, ConnectionKind
from server.realtime.feed.presence import PresenceChange
from server.realtime.figures import Figures
from server.realtime.frames import Frame
from server.realtime.meter import Meter
from server.realtime.transport import Transport

__all__ = ["OUTBOX_BYTES", "FeedConnection"]

OUTBOX_BYTES = 768 << 10
"""Written to a socket that takes nothing, on top of the 256 KiB above which it counts as such: 1 MiB."""


class FeedConnection(Connection):
    """Its client can resume. So one that falls behind is closed, and comes back, instead of being waited for."""

    __slots__ = ("_excess", "client", "kind")

    kind: ConnectionKind

    def __init__(self, transport: Transport, clock: Clock, figures: Figures, address: str, meter: Meter) -> None:
        super().__init__(transport, clock, figures, address, meter)
        self._excess = 0
        self.kind = "feed"
        self.client = str(uuid4())

    def met(self, change: PresenceChange) -> None:
        """Of presence nothing is said, unless a protocol has words for it."""

    def drained(self) -> None:
        self._excess = 0

    def _say(self, frame: Frame) -> None:
        """What `_write` does stands here as well: a stream says each event hundreds of times."""
        if self._closed:
            return
        transport, figures = self.transport, self._figures
        if transport.stalled:
            self._excess += len(frame.wire)
            if self._excess > OUTBOX_BYTES:
                figures.overflows += 1
                self._too_slow()
                return
        figures.frames_out += 1
        figures.bytes_out += len(frame.payload)
        transport.write(frame)

    @abstractmethod
    def _too_slow(self) -> None:
        """Close the socket: its client takes nothing of what it is sent."""
