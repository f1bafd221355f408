"""A connection's socket right on the TCP transport: no task, no queue, no ASGI message.

It takes the place of uvicorn's protocol when the handshake is over, and lasts as long as the TCP connection. What it
does is the same as over ASGI, and one suite of tests runs on both.
"""

import asyncio
import fcntl
import logging
import struct
import termios
from collections.abc import MutableSet
from typing import Any

from server.errors import Internal
from server.realtime.connections.base import Connection
from server.realtime.connections.registry import Arrival
from server.realtime.frames import CLEAN_CODES, PING, Frame, close_frame, header
from server.realtime.sockets.floor import Floor
from server.realtime.sockets.reader import Answer, Ended, Event, FrameReader
from server.realtime.transport import HIGH_WATER

__all__ = ["FastSocket"]

log = logging.getLogger(__name__)
_INT = struct.Struct("@i")

CLOSE_SECONDS = 10.0
"""How long a client that takes nothing has to answer our close."""
LINGER_SECONDS = 1.0
"""After a breach of the protocol: what the client was still sending is read and dropped, for the kernel would answer
it with a reset, which overtakes the close frame that says why."""
EXCESS_BYTES = 4 << 20
"""What is still written to a stalled socket is little: pongs, denials, one frame for each of its documents. A client
that makes us write more than this, and reads none of it, is cut off."""
AT_ONCE = 256
"""Messages and pings of one socket that are taken in one go of the loop; then others have their turn."""
PING_FRAME = header(PING, 0)
SERVICE_RESTART, NO_ANSWER = 1012, 1011


class FastSocket(asyncio.Protocol):
    """One socket. It hands on nothing before `attend`, and nothing while a pause lasts."""

    __slots__ = (
        "_alive",
        "_arrival",
        "_backlog",
        "_connection",
        "_connections",
        "_excess",
        "_floor",
        "_is_lost",
        "_is_open",
        "_max_size",
        "_reader",
        "_slot",
        "_tcp",
        "_unsent",
        "_was_clean",
        "sent",
        "sent_bytes",
        "spoke",
        "stalled",
    )

    def __init__(
        self,
        tcp: asyncio.Transport,
        floor: Floor,
        connections: MutableSet[Any],
        arrival: Arrival,
        *,
        max_size: int,
        stalled: bool,
    ) -> None:
        """connections: all of the server's, and this is one until its end. arrival: how it is counted till then."""
        self.stalled = stalled
        self.spoke = False
        self.sent = self.sent_bytes = 0
        self._tcp = tcp
        self._floor = floor
        self._arrival = arrival
        self._max_size = max_size
        self._reader = FrameReader(max_size)
        self._connection: Connection | None = None
        self._backlog: list[Event] | None = []
        """What came and may not be handed on yet; None while everything is handed on at once."""
        self._is_open = True
        self._is_lost = False
        self._was_clean = False
        self._alive = True
        self._unsent: int | None = None
        """What the client had not taken when it was pinged last; None: no ping waits for an answer."""
        self._excess = 0
        self._slot = floor.enter(self)
        self._connections = connections
        connections.add(self)
        if not tcp.is_closing():
            tcp.set_write_buffer_limits(HIGH_WATER)

    def attend(self, connection: Connection) -> None:
        """From now on this connection hears what the client says."""
        self._connection = connection
        if self._is_open:
            self._floor.registry.add(connection)
            self.go_on()
        else:  # it was lost, or closed, while the connection was made
            self._leave()

    # For whoever writes.

    def write(self, frame: Frame) -> None:
        if not self._is_open or (self.stalled and self._is_too_much(len(frame.wire))):
            return
        self.spoke = True
        self.sent += 1
        self.sent_bytes += len(frame.wire)
        self._tcp.write(frame.wire)

    @property
    def waiting_bytes(self) -> int:
        return 0 if self._is_lost else self._tcp.get_write_buffer_size()

    def limit(self, max_size: int | None) -> None:
        self._reader.limit(self._max_size if max_size is None else min(max_size, self._max_size))

    def close(self, code: int, reason: str) -> None:
        if not self._is_open:
            return
        self._was_clean = code in CLEAN_CODES
        self._end(close_frame(code, reason))
        # Not now: whoever closes may be in the middle of its work for this connection.
        asyncio.get_running_loop().call_soon(self._leave)
        backlog, self._backlog = self._backlog, None
        self._tcp.resume_reading()
        for event in backlog or ():
            if isinstance(event, Ended):
                self._tcp.close()

    # For the loop (asyncio.Protocol).

    def data_received(self, data: bytes) -> None:
        self._alive = True
        events = self._reader.read(data)
        if self._backlog is None:
            if self._reader.controls and self._connection is not None:
                self._connection.unmetered += self._reader.controls
            self._take(events)
        else:
            self._backlog += events
            self._tcp.pause_reading()

    def pause_writing(self) -> None:
        self.stalled = True

    def resume_writing(self) -> None:
        self.stalled = False
        self._alive = True
        self._excess = 0
        if self._connection is not None and self._is_open:
            self._connection.drained()

    def connection_lost(self, exc: Exception | None) -> None:
        self._is_open = False
        self._is_lost = True
        self._backlog = None
        self._slot.discard(self)
        self._connections.discard(self)
        self._floor.registry.depart(self._arrival)
        self._leave()

    # For the server.

    def shutdown(self) -> None:
        """uvicorn ends: whoever is still here is told to come back, and what is written still goes out."""
        self.close(SERVICE_RESTART, "")
        self._tcp.close()

    # For the floor.

    def look(self) -> None:
        """Another while is over. Whoever says nothing is pinged; who then neither answers nor takes bytes is lost.

        A first sync may be on a slow link for minutes, and the pong stands behind it in the line.
        """
        if not self._is_open:
            return  # its close has a time of its own
        if self._alive or self._backlog is not None:  # while we do not read, it cannot be heard
            self._alive, self._unsent = False, None
            return
        unsent, before = _unsent(self._tcp), self._unsent
        if before is None or unsent < before:
            self._unsent = unsent
            self._tcp.write(PING_FRAME)
        else:
            self.close(NO_ANSWER, "keepalive ping timeout")
            self._tcp.abort() if unsent else self._tcp.close()

    def go_on(self) -> None:
        """Hand on what waits, then read again."""
        if self._is_lost or self._backlog is None or self._connection is None:
            return
        backlog, self._backlog = self._backlog, None
        if self._take(backlog):
            self._tcp.resume_reading()

    # Private.

    def _take(self, events: list[Event]) -> bool:
        """Hand these on. False: not all of them, or nothing more is to be read for now."""
        connection = self._connection
        for number, event in enumerate(events, 1):
            pause = 0.0
            if isinstance(event, Answer | Ended):
                self._control(event)
            elif self._is_open and connection is not None:
                pause = self._hear(connection, event)
            if pause > 0.0 or (number == AT_ONCE and number < len(events)):
                self._pause(max(pause, self._settled()), events[number:])
                return False
        if (pause := self._settled()) > 0.0:
            self._pause(pause, [])
            return False
        if self._floor.writer.is_full and self._hold_back([]):
            self._floor.hold(self)
            return False
        return True

    def _hear(self, connection: Connection, message: bytes | str) -> float:
        try:
            return connection.receive(message)
        except Exception:  # a fault of ours is logged, and ends this socket only: its client comes back and syncs
            log.exception("a message could not be taken")
            connection.close(Internal())
            return 0.0

    def _settled(self) -> float:
        connection = self._connection
        return connection.settle() if connection is not None and connection.unmetered else 0.0

    def _control(self, event: Answer | Ended) -> None:
        if isinstance(event, Answer):
            self._answer(event.wire)
            return
        if self._is_open:
            if not event.by_peer and self._connection is not None:
                self._connection.broke_the_protocol(event.code, event.reason)
            self._was_clean = event.is_clean
            self._end(event.wire)
            self._leave()
            if not event.by_peer:
                asyncio.get_running_loop().call_later(LINGER_SECONDS, self._tcp.close)
                return
        self._tcp.close()

    def _pause(self, seconds: float, rest: list[Event]) -> None:
        if self._hold_back(rest):
            asyncio.get_running_loop().call_later(seconds, self.go_on)

    def _hold_back(self, rest: list[Event]) -> bool:
        """Keep this for later, and read no more. False: the socket has closed meanwhile."""
        if self._is_open:
            self._backlog = rest
            self._tcp.pause_reading()
        return self._is_open

    def _answer(self, wire: bytes) -> None:
        if self._is_open and not self._is_too_much(len(wire)):
            self._tcp.write(wire)

    def _is_too_much(self, size: int) -> bool:
        """So much on top of what the client does not take that it is cut off?"""
        if self.stalled:
            self._excess += size
        if self._excess <= EXCESS_BYTES:
            return False
        self._is_open = False
        self._tcp.abort()
        return True

    def _end(self, wire: bytes) -> None:
        """Our last frame; then the client has a while to take it."""
        self._is_open = False
        self._tcp.write(wire)
        asyncio.get_running_loop().call_later(CLOSE_SECONDS, self._give_up, self._tcp.get_write_buffer_size())

    def _give_up(self, before: int) -> None:
        """The while is over; a slow link gets another one as long as it takes something."""
        left = 0 if self._is_lost else self._tcp.get_write_buffer_size()
        if 0 < left < before:
            asyncio.get_running_loop().call_later(CLOSE_SECONDS, self._give_up, left)
        elif left:
            self._tcp.abort()
        elif not self._is_lost:
            self._tcp.close()

    def _leave(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            self._floor.registry.lost(connection, clean=self._was_clean)


def _unsent(tcp: asyncio.Transport) -> int:
    """Bytes that the client has not taken: ours, and where the system tells (Linux) the kernel's."""
    ours: int = tcp.get_write_buffer_size()
    try:
        answer = fcntl.ioctl(tcp.get_extra_info("socket").fileno(), termios.TIOCOUTQ, bytes(_INT.size))
    except OSError:
        return ours
    return ours + int(_INT.unpack(answer)[0])
