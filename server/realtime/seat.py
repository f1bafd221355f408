"""A seat: one peer's place in one room."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from server.errors import AppError
from server.realtime.door import Admission
from server.realtime.voice import Voice

__all__ = ["Seat", "Sink"]


class Sink(Protocol):
    """Where frames go: the socket behind a connection."""

    @property
    def stalled(self) -> bool:
        """More is buffered than the socket takes; to write on costs memory."""
        ...

    def write(self, frame: bytes) -> None:
        """Write one frame, without waiting. After the socket has closed, nothing happens."""
        ...


@dataclass(slots=True, eq=False)
class Seat:
    """One peer in one room.

    `ended` is called when the room takes the seat away (refused, right lost, document gone), after the peer has
    left the room: the connection tells the client in its own protocol. `right_changed` is called when the
    peer may do more or less from now on.
    """

    peer: int
    admission: Admission
    voice: Voice
    sink: Sink
    ended: Callable[["Seat", AppError], None]
    right_changed: Callable[["Seat"], None]

    def say(self, frame: bytes) -> None:
        self.sink.write(frame)
