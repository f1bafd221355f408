"""What every connection has: a socket, a sense of time, a measure of what it may send, and an end."""

from abc import ABC, abstractmethod
from datetime import datetime
from typing import Any, ClassVar, Literal, TypeAlias

from server.clock import Clock
from server.errors import AppError, told
from server.realtime.door import Guest
from server.realtime.figures import Figures
from server.realtime.frames import Frame
from server.realtime.meter import SHORT_SECONDS, Meter
from server.realtime.transport import Transport

__all__ = ["Connection", "ConnectionKind"]

ConnectionKind: TypeAlias = Literal["documents", "feed", "events", "emulation"]

BROKEN = {1007: "not_utf8", 1008: "fragments", 1009: "too_large"}
"""What these close codes say of a client; any other says that it broke the protocol."""


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
        "heard",
        "heard_bytes",
        "number",
        "opened_at",
        "transport",
        "unmetered",
    )

    kind: ConnectionKind
    protocol: ClassVar[str]
    """The name of what is spoken here."""

    def __init__(self, transport: Transport, clock: Clock, figures: Figures, address: str, meter: Meter) -> None:
        self.address = address
        self.opened_at = self._spoke_at = clock.monotonic()
        self.transport = transport
        self.number = 0
        """Of this connection among those that its node has had; the registry gives it."""
        self.heard = self.heard_bytes = 0
        """Messages that came, and their bytes."""
        self._clock = clock
        self._figures = figures
        self._meter = meter
        self._closed = False
        self.unmetered = self._unmetered_bytes = 0
        """Frames that cost time and are no messages: presence in vain; its transport adds pings and pongs."""

    # For the transport.

    def receive(self, data: bytes | str) -> float:
        """Take one complete message; a str is a text frame.

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

    @abstractmethod
    def drained(self) -> None:
        """The socket takes more again."""

    def broke_the_protocol(self, code: int, detail: str) -> None:
        """The socket ends with this code (RFC 6455 section 7.4.1): what its client sent is not of WebSocket."""
        self._figures.closed[code] += 1
        self._figures.refusals.note("frame", BROKEN.get(code, "protocol"), self.address, detail=detail)

    def lost(self, *, clean: bool) -> None:
        """The socket is gone; `clean`: the client closed it on purpose."""
        self._closed = True

    # For the registry.

    @abstractmethod
    def look_after(self, now: float, at: datetime) -> None:
        """Every second or so: keep a silent link alive, end what has waited or lasted too long.

        now: monotonic seconds; at: the same moment on the wall.
        """

    @abstractmethod
    def access_changed(self, change: dict[str, Any]) -> None:
        """Somebody's rights may have changed (`server.realtime.access.ACCESS`)."""

    def silent_since(self, now: float) -> float:
        """When the last frame was written, to about the second. Clients drop a link that is silent for 30 s."""
        if self.transport.spoke:
            self.transport.spoke = False
            self._spoke_at = now
        return self._spoke_at

    def close(self, error: AppError) -> None:
        """Close the socket for this reason."""
        self._close(told(error).close, error.message)

    @property
    @abstractmethod
    def guest(self) -> Guest | None:
        """Who speaks here, once that is known."""

    @property
    def documents(self) -> tuple[str, ...]:
        """Those that are open here, each once."""
        return ()

    # For subclasses.

    @property
    def _user(self) -> str | None:
        guest = self.guest
        return None if guest is None else guest.user_id

    def _close(self, code: int, reason: str) -> None:
        if not self._closed:
            self._closed = True
            self._figures.closed[code] += 1
            self.transport.close(code, reason)

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
        size = len(data)
        self.heard += 1
        self.heard_bytes += size
        self._figures.frames_in += 1
        self._figures.bytes_in += size
