"""The port through which everyone writes to a socket."""

from typing import Protocol

from server.realtime.frames import Frame

__all__ = ["HIGH_WATER", "Transport"]

HIGH_WATER = 256 << 10
"""Bytes that wait for a socket before its peer is passed over; what it missed it gets as one update later."""


class Transport(Protocol):
    """A socket that is established. Nothing here waits; what is written leaves when the socket takes it."""

    stalled: bool
    """More than the high-water mark is buffered: to write on costs memory."""
    spoke: bool
    """Set by each write; whoever watches for silence takes it back."""
    sent: int
    """Messages that were written, and their bytes as they go over the wire."""
    sent_bytes: int

    @property
    def waiting_bytes(self) -> int:
        """What is written and was not taken by the system yet."""
        ...

    def write(self, frame: Frame) -> None:
        """Send one message. After the close nothing happens."""
        ...

    def limit(self, max_size: int | None) -> None:
        """Read no message above this many bytes, None: than the server's own limit. Its frames stay unread so far."""
        ...

    def close(self, code: int, reason: str) -> None:
        """Send what is buffered, then close with this code. Later writes do nothing.

        code: RFC 6455 section 7.4; reason: cut to 123 bytes, which is all that a close frame holds.
        """
        ...
