"""What connections for documents have in common: places in rooms, and presence."""

from abc import abstractmethod
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from crdt.errors import MalformedFrame
from crdt.messages import AwarenessUpdate, Message
from server.errors import Invalid, Unauthenticated
from server.realtime.connections.base import Connection, ConnectionKind
from server.realtime.door import Guest
from server.realtime.host import RoomHost
from server.realtime.seat import Seat

__all__ = ["KEEP_ALIVE_SECONDS", "NOBODY_MOVED", "OPENING_SECONDS", "DocumentConnection", "Place"]

NOBODY_MOVED = AwarenessUpdate(b"\x00")
"""An awareness update without entries: resets the client's 30 s timer, and no version echoes it."""
KEEP_ALIVE_SECONDS = 20.0
"""Providers drop a link on which they heard no message for 30 s."""
OPENING_SECONDS = 10.0
"""How long a socket may stay without a document."""
PAST_EXPIRY = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Place:
    """A seat and the room that it is in, since when (monotonic seconds)."""

    host: RoomHost
    seat: Seat
    since: float

    def hear(self, message: Message) -> float:
        return self.host.hear(self.seat, message)

    def passes_over(self, message: AwarenessUpdate) -> bool:
        """Does its room know these very bytes? Then they are not even counted (decision 13)."""
        return self.host.room.passes_over(self.seat.peer, message.update)


class DocumentConnection(Connection):
    """One socket with places in rooms."""

    __slots__ = ()

    kind: ConnectionKind = "documents"

    # For the transport.

    def drained(self) -> None:
        for place in self.places:
            if self.transport.stalled:
                return  # what the first ones missed has filled it again; the others come when it has drained
            place.host.drained(place.seat)

    def lost(self, *, clean: bool) -> None:
        super().lost(clean=clean)
        for place in self.places:
            place.host.leave(place.seat, clean=clean)

    # For the registry.

    @property
    @abstractmethod
    def places(self) -> tuple[Place, ...]:
        """Where its peers sit now."""

    @property
    @abstractmethod
    def is_waiting(self) -> bool:
        """Has it opened nothing yet? Such a connection is closed after a deadline."""

    @abstractmethod
    def keep_alive(self) -> None:
        """Say something harmless: clients do not count WebSocket pings."""

    def look_after(self, now: float, at: datetime) -> None:
        if self.is_waiting and now - self.opened_at > OPENING_SECONDS:
            self.close(Unauthenticated("No document was opened in time."))
        elif now - self.silent_since(now) >= KEEP_ALIVE_SECONDS:
            self.keep_alive()
        for place in self.places:
            expires = place.seat.admission.guest.expires_at
            if expires is not None and expires <= at - PAST_EXPIRY:
                place.host.end(place.seat, Unauthenticated("The credential has expired."))

    def access_changed(self, change: dict[str, Any]) -> None:
        """The registry looks its places up again, and once more those that were being taken at this moment."""

    @property
    def guest(self) -> Guest | None:
        """Whoever has opened the first of its documents."""
        return next((place.seat.admission.guest for place in self.places), None)

    @property
    def documents(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(place.seat.admission.document for place in self.places))

    # For subclasses.

    def _refuse_frame(self, data: bytes | str, error: MalformedFrame) -> Invalid:
        """Count and log a frame that no client of the protocol sends; the answer is what its sender is told."""
        reason = "text" if isinstance(data, str) else "malformed"
        self._figures.refusals.note("frame", reason, self.address, detail=str(error), bytes=len(data))
        return Invalid(str(error))

    def _hear_presence(self, place: Place, message: AwarenessUpdate, size: int, now: float) -> None:
        if not place.passes_over(message):
            if self._meter.lets_presence_pass(size, now):
                place.hear(message)
                return
            self._figures.presence_ignored["over_rate"] += 1
        self.unmetered += 1
        self._unmetered_bytes += size
