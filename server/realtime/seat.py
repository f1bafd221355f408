"""A seat: one peer's place in one room."""

from collections.abc import Callable
from dataclasses import dataclass

from server.errors import AppError
from server.realtime.door import Admission
from server.realtime.transport import Transport
from server.realtime.voice import Voice

__all__ = ["Seat"]


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
    transport: Transport
    ended: Callable[["Seat", AppError], None]
    right_changed: Callable[["Seat"], None]
