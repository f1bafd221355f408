"""From the bytes of a TCP stream to messages: the common frame by ourselves, all others by the websockets library.

A keystroke is one whole, masked, binary frame. To read it here costs a fraction of the library's way, and leaves no
parser in memory for a connection that is silent. Text in one frame, pings and pongs are as simple. Whatever else there
is (fragments, close, text that is not UTF-8, and every header that is wrong) goes to the library as it came: its
checks decide.
"""

from dataclasses import dataclass

from websockets.frames import Opcode, apply_mask  # type: ignore[attr-defined] # the C function, or its stand-in
from websockets.protocol import OPEN
from websockets.server import ServerProtocol

from server.realtime.frames import BINARY, CLEAN_CODES, PING, PONG, TEXT, header

__all__ = ["Answer", "Ended", "Event", "FrameReader"]

HEAD = 6
"""The header of a client's shortest frames: two bytes, and four of the mask (RFC 6455 section 5.2)."""
MASKED = 0x80
SHORT, MIDDLE = 125, 126
INVALID_DATA, POLICY_VIOLATION = 1007, 1008
MOST_FRAMES = 2048
"""Of one message in fragments, with the pings between them: a frame costs the library some 13 us, so that pieces of one
byte would keep the loop from everybody. The largest message in pieces of 8 KB has as many."""
MOST_CONTROLS = 1024
"""Pings and pongs that came together: 256 KB of nothing else would keep the loop for 0.1 s, and no client means it."""
OPCODES = frozenset(Opcode)


@dataclass(frozen=True, slots=True)
class Answer:
    """Bytes to send at once: the pong that a ping asks for."""

    wire: bytes


@dataclass(frozen=True, slots=True)
class Ended:
    """The last event. `wire` is the close frame to send back; `code` and `reason` say why it ended.

    by_peer: the client sent a close frame, and `code` is its own (1005: it gave none); else it broke the protocol.
    """

    code: int
    reason: str
    wire: bytes
    by_peer: bool

    @property
    def is_clean(self) -> bool:
        return self.by_peer and self.code in CLEAN_CODES


Event = bytes | str | Answer | Ended
"""A binary message, a text message, or what is not a message."""


class FrameReader:
    """Reads one client's stream, from a frame's boundary on. After `Ended` it answers nothing more.

    max_size: bytes of one message, whole or in fragments.
    """

    __slots__ = ("_asked", "_fragments", "_is_text", "_library", "_max_size", "_missing", "_over", "_rest", "controls")

    def __init__(self, max_size: int) -> None:
        self._max_size = max_size
        self._rest: bytearray | None = None
        self._missing = 0
        self._library: ServerProtocol | None = None
        self._asked = self.controls = 0
        """controls: the pings and pongs of the last read."""
        self._fragments: list[bytes] | None = None
        self._is_text = False
        self._over = False

    def limit(self, max_size: int) -> None:
        """From now on a message has at most so many bytes, also the one that has begun."""
        self._max_size = max_size
        self._missing = min(self._missing, max_size)

    def read(self, data: bytes) -> list[Event]:
        """What has come to its end with these bytes, in order."""
        if self._rest is None:
            return self._split(data)
        self._rest += data
        if len(self._rest) < self._missing:
            return []
        stream, self._rest = self._rest, None
        return self._split(stream)

    def _split(self, stream: bytes | bytearray) -> list[Event]:
        events: list[Event] = []
        short = min(SHORT, self._max_size)
        position, end = 0, len(stream)
        self.controls = 0
        while position < end and not self._over:
            start = position + HEAD
            if start <= end and stream[position] == BINARY and self._library is None:
                size = stream[position + 1] - MASKED
                if 0 <= size <= short and (stop := start + size) <= end:
                    events.append(apply_mask(stream[start:stop], stream[start - 4 : start]))
                    position = stop
                    continue
            start, stop = self._frame(stream, position, end)
            if stop > end:
                self._rest = bytearray(stream[position:])
                self._missing = stop - position
                break
            self._take(stream, position, start, stop, events)
            position = stop
        return events

    def _frame(self, stream: bytes | bytearray, position: int, end: int) -> tuple[int, int]:
        """Where the payload starts and stops. A stop behind `end` says how many bytes are needed to go on.

        A start of 0: the header is wrong by itself, and the library is to say so of all that is there.
        """
        if end < position + 2:
            return 0, position + 2
        size = stream[position + 1] - MASKED
        if size < 0 or (stream[position] & 0x0F) not in OPCODES:
            return 0, end
        start = position + HEAD
        if size > SHORT:
            wide = 2 if size == MIDDLE else 8
            start += wide
            if end < start - 4:
                return 0, start - 4
            size = int.from_bytes(stream[position + 2 : position + 2 + wide], "big")
        begun = self._library.current_size or 0 if self._library is not None else 0
        return (0, end) if size > self._max_size - begun else (start, start + size)

    def _take(self, stream: bytes | bytearray, position: int, start: int, stop: int, events: list[Event]) -> None:
        """One whole frame, or a wrong header with what follows it."""
        first, size = stream[position], stop - start
        is_plain = self._library is None and start > 0
        if is_plain and first == BINARY:
            events.append(apply_mask(stream[start:stop], stream[start - 4 : start]))
        elif is_plain and size <= SHORT and first in (PING, PONG):
            self._control(first, stream, start, stop, events)
        elif is_plain and first == TEXT and (text := _text_of(stream, start, stop)) is not None:
            events.append(text)
        else:
            self._ask_the_library(stream[position:stop], events)

    def _control(self, first: int, stream: bytes | bytearray, start: int, stop: int, events: list[Event]) -> None:
        """A whole ping or pong."""
        self.controls += 1
        if self.controls > MOST_CONTROLS:
            library = ServerProtocol(state=OPEN)
            library.fail(POLICY_VIOLATION, f"over {MOST_CONTROLS} pings and pongs at once")
            self._end(library, events)
        elif first == PING:
            size = stop - start
            events.append(Answer(header(PONG, size) + apply_mask(stream[start:stop], stream[start - 4 : start])))

    def _ask_the_library(self, data: bytes | bytearray, events: list[Event]) -> None:
        """It lives as long as a message is in fragments. It gets whole frames, so that it ends at a boundary."""
        library = self._library
        if library is None:
            library = self._library = ServerProtocol(state=OPEN, max_size=self._max_size)
            self._asked = 0
        self._asked += 1
        if self._asked > MOST_FRAMES:
            library.fail(POLICY_VIOLATION, f"over {MOST_FRAMES} frames for one message")
            self._end(library, events)
        else:
            library.receive_data(data)
        for frame in library.events_received():
            self._hear(library, frame.opcode, bytes(frame.data), frame.fin, events)  # type: ignore[union-attr]
        if library.parser_exc is not None:
            self._end(library, events)
        if self._over or library.current_size is None:
            library.parser.close()  # it holds the library in a circle
            self._library = None

    def _hear(self, library: ServerProtocol, opcode: Opcode, data: bytes, fin: bool, events: list[Event]) -> None:
        if opcode is Opcode.CLOSE:
            self._end(library, events)
        elif opcode is Opcode.PING:
            events.append(Answer(b"".join(library.data_to_send())))
        elif opcode is not Opcode.PONG:
            if opcode is not Opcode.CONT:
                self._fragments, self._is_text = [], opcode is Opcode.TEXT
            if self._fragments is not None:
                self._fragments.append(data)
            if fin:
                self._end_message(library, events)

    def _end_message(self, library: ServerProtocol, events: list[Event]) -> None:
        message = b"".join(self._fragments or ())
        self._fragments = None
        if not self._is_text:
            events.append(message)
            return
        try:
            events.append(message.decode())
        except UnicodeDecodeError as error:
            library.fail(INVALID_DATA, f"{error.reason} at position {error.start}")
            self._end(library, events)

    def _end(self, library: ServerProtocol, events: list[Event]) -> None:
        self._over = True
        self._rest = self._fragments = None
        why = library.close_sent
        by_peer = library.close_rcvd is not None and library.close_rcvd is why
        code, reason = (why.code, why.reason) if why is not None else (1006, "")
        events.append(Ended(int(code), reason, b"".join(library.data_to_send()), by_peer))


def _text_of(stream: bytes | bytearray, start: int, stop: int) -> str | None:
    try:
        return apply_mask(stream[start:stop], stream[start - 4 : start]).decode()
    except UnicodeDecodeError:
        return None
