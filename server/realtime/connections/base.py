"""What every connection has: a socket, places in rooms, a sense of time, and an end."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from crdt.errors import MalformedFrame
from crdt.messages import AwarenessUpdate, Message
from server.clock import Clock
from server.errors import AppError, Invalid, told
from server.realtime.figures import Figures
from server.realtime.frames import Frame
from server.realtime.host import RoomHost
from server.realtime.meter import SHORT_SECONDS, Meter
from server.realtime.seat import Seat
from server.realtime.transport import Transport

__all__ = ["NOBODY_MOVED", "Connection", "Place"]

NOBODY_MOVED = AwarenessUpdate(b"\x00")
"""An awareness update without entries: resets the client's 30 s timer, and no version echoes it."""

BROKEN = {1007: "not_utf8", 1008: "fragments", 1009: "too_large"}
"""What these close codes say of a client; any other says that it broke the protocol."""


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


class Connection(ABC):
    """One socket. Its transport calls `receive`, `drained` and `lost`; subclasses speak a protocol."""

    __slots__ = (
        "_clock",
        "_closed",
        "_figures",
        "_meter",
        "_spoke_at",
        "_unmetered_bytes",
        "address",
        "opened_at",
        "transport",
        "unmetered",
    )

    def __init__(self, transport: Transport, clock: Clock, figures: Figures, address: str, meter: Meter) -> None:
        self.address = address
        self.opened_at = self._spoke_at = clock.monotonic()
        self.transport = transport
        self._clock = clock
        self._figures = figures
        self._meter = meter
        self._closed = False
        self.unmetered = self._unmetered_bytes = 0
        """Frames that cost time and are no messages: presence in vain; its transport adds pings and pongs."""

    # For the transport.

    def receive(self, data: bytes | str) -> float:
        """Take one complete message; a str is a text frame, which no protocol here has.

        The answer is how many seconds not to read on: above its rate a client is read later, not cut off.
        """
        now = self._clock.monotonic()
        pause = self._receive(data, now)
        after = self._clock.monotonic()
        if after - now > SHORT_SECONDS:
            pause = max(pause, self._meter.rest_after(after - now, self._user, after))
        return self._paused(pause) if pause else 0.0

    def settle(self) -> float:
        """Once for what came together: the pause that its frames ask for that are no messages."""
        if not self.unmetered:
            return 0.0
        pause = self._meter.pass_over(self.unmetered, self._unmetered_bytes, self._clock.monotonic())
        self.unmetered = self._unmetered_bytes = 0
        return self._paused(pause)

    @abstractmethod
    def _receive(self, data: bytes | str, now: float) -> float:
        """Take one message; the answer is the pause that its number and size ask for."""

    def drained(self) -> None:
        """The socket takes more again."""
        for place in self.places:
            if self.transport.stalled:
                return  # what the first ones missed has filled it again; the others come when it has drained
            place.host.drained(place.seat)

    def broke_the_protocol(self, code: int, detail: str) -> None:
        """The socket ends with this code (RFC 6455 section 7.4.1): what its client sent is not of WebSocket."""
        self._figures.closed[code] += 1
        self._figures.refusals.note("frame", BROKEN.get(code, "protocol"), self.address, detail=detail)

    def lost(self, *, clean: bool) -> None:
        """The socket is gone; `clean`: the client closed it on purpose."""
        self._closed = True
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

    def silent_since(self, now: float) -> float:
        """When the last frame was written, to about the second. Clients drop a link that is silent for 30 s."""
        if self.transport.spoke:
            self.transport.spoke = False
            self._spoke_at = now
        return self._spoke_at

    @abstractmethod
    def keep_alive(self) -> None:
        """Say something harmless: clients do not count WebSocket pings."""

    def close(self, error: AppError) -> None:
        """Close the socket for this reason."""
        if not self._closed:
            self._closed = True
            code = told(error).close
            self._figures.closed[code] += 1
            self.transport.close(code, error.message)

    # For subclasses.

    @property
    def _user(self) -> str | None:
        return next((place.seat.admission.guest.user_id for place in self.places), None)

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

    def _paused(self, pause: float) -> float:
        if pause:
            self._figures.pauses += 1
            self._figures.pause_seconds += pause
        return pause

    def _write(self, frame: Frame) -> None:
        self._figures.frames_out += 1
        self._figures.bytes_out += len(frame.payload)
        self.transport.write(frame)

    def _count(self, data: bytes | str) -> None:
        self._figures.frames_in += 1
        self._figures.bytes_in += len(data)
