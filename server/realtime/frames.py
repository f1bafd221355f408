"""WebSocket frames as the server sends them: made once, shared by everyone who gets them."""

from struct import Struct
from typing import ClassVar

__all__ = [
    "BINARY",
    "CLEAN_CODES",
    "CLOSE",
    "PING",
    "PONG",
    "TEXT",
    "Frame",
    "TextFrame",
    "close_frame",
    "close_reason",
    "header",
]

TEXT, BINARY, CLOSE, PING, PONG = 0x81, 0x82, 0x88, 0x89, 0x8A
"""First bytes of whole frames: FIN and the opcode (RFC 6455 section 5.2)."""
CLEAN_CODES = frozenset({1000, 1001, 1005})
"""Closed on purpose: normal, the page went away, and a close without a code (what browsers' `close()` sends)."""
REASON_BYTES = 123
"""A control frame has 125 bytes, and the code takes two (RFC 6455 section 5.5)."""
_SHORT, _MIDDLE, _LONG = Struct("!BB"), Struct("!BBH"), Struct("!BBQ")


def header(first: int, size: int) -> bytes:
    """What stands before `size` bytes of payload in an unmasked frame (RFC 6455 section 5.2)."""
    if size < 126:
        return _SHORT.pack(first, size)
    if size < 65536:
        return _MIDDLE.pack(first, 126, size)
    return _LONG.pack(first, 127, size)


class Frame:
    """One binary message: `payload` as other ASGI servers take it, `wire` as it stands in the TCP stream."""

    __slots__ = ("payload", "wire")
    is_text: ClassVar[bool] = False

    def __init__(self, payload: bytes) -> None:
        self.payload = payload
        self.wire = header(BINARY, len(payload)) + payload


class TextFrame(Frame):
    """One text message; its payload is UTF-8."""

    __slots__ = ()
    is_text: ClassVar[bool] = True

    def __init__(self, text: str) -> None:
        self.payload = text.encode()
        self.wire = header(TEXT, len(self.payload)) + self.payload


def close_reason(reason: str) -> str:
    """As much of it as a close frame holds, cut between characters."""
    return reason.encode()[:REASON_BYTES].decode(errors="ignore")


def close_frame(code: int, reason: str) -> bytes:
    """A whole close frame, as it stands in the TCP stream."""
    payload = code.to_bytes(2, "big") + close_reason(reason).encode()
    return header(CLOSE, len(payload)) + payload
