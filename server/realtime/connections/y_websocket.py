"""A y-websocket connection: one document, open from the first frame on."""

from crdt.errors import MalformedFrame
from crdt.messages import AwarenessUpdate
from crdt.protocols import y_websocket
from server.clock import Clock
from server.errors import AppError
from server.realtime.connections.documents import NOBODY_MOVED, DocumentConnection, Place
from server.realtime.door import Admission
from server.realtime.figures import Figures
from server.realtime.host import RoomHost
from server.realtime.meter import Meter
from server.realtime.seat import Seat
from server.realtime.transport import Transport
from server.realtime.voice import Y_WEBSOCKET, YWebsocketVoice

__all__ = ["YWebsocketConnection"]


class YWebsocketConnection(DocumentConnection):
    """Speaks y-websocket 1.5 to 3 (and pycrdt-websocket's provider) for one peer in one room."""

    __slots__ = ("_place", "_seat")

    protocol = "y-websocket"

    def __init__(
        self,
        transport: Transport,
        clock: Clock,
        figures: Figures,
        address: str,
        meter: Meter,
        *,
        peer: int,
        admission: Admission,
    ) -> None:
        super().__init__(transport, clock, figures, address, meter)
        self._seat = Seat(peer, admission, YWebsocketVoice(), transport, self._ended, _nothing_to_say)
        self._place: Place | None = None

    def enter(self, host: RoomHost) -> None:
        """Sit down in the room: the server speaks first."""
        self._place = Place(host, self._seat, self._clock.monotonic())
        host.sit(self._seat, Y_WEBSOCKET)

    def _receive(self, data: bytes | str, now: float) -> float:
        self._count(data)
        if self._place is None or self._closed:
            return 0.0
        try:
            if isinstance(data, str):
                raise MalformedFrame("text frames are not part of this protocol")
            message = y_websocket.decode(data)
        except MalformedFrame as error:
            self._place.host.end(self._seat, self._refuse_frame(data, error))
            return 0.0
        if not isinstance(message, AwarenessUpdate):
            return max(self._place.hear(message), self._meter.take(len(data), now))
        self._hear_presence(self._place, message, len(data), now)
        return 0.0

    @property
    def places(self) -> tuple[Place, ...]:
        return (self._place,) if self._place is not None else ()

    @property
    def is_waiting(self) -> bool:
        return False

    def keep_alive(self) -> None:
        if (frame := self._seat.voice.encode(NOBODY_MOVED)) is not None:
            self._write(frame)

    def _ended(self, seat: Seat, error: AppError) -> None:
        self._place = None
        self.close(error)


def _nothing_to_say(seat: Seat) -> None:
    """The protocol has no word for a right that changes: a viewer's edits are dropped."""
