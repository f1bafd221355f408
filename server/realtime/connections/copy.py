"""A y-websocket connection that is only asked for its copy: its client knows another incarnation of the document."""

from datetime import datetime
from typing import Any

from crdt.errors import MalformedFrame
from crdt.messages import Message
from crdt.protocols import y_websocket
from server.clock import Clock
from server.errors import Invalid
from server.realtime.connections.base import Connection
from server.realtime.connections.documents import KEEP_ALIVE_SECONDS, NOBODY_MOVED
from server.realtime.copies import CopyKeeper, CopyTaker
from server.realtime.door import Admission, Guest
from server.realtime.figures import Figures
from server.realtime.frames import Frame
from server.realtime.host import RoomHost
from server.realtime.meter import Meter
from server.realtime.transport import Transport

__all__ = ["CopyConnection"]


class CopyConnection(Connection):
    """Speaks y-websocket until the copy is kept; then it closes the socket."""

    __slots__ = ("_admission", "_taker")

    kind = "documents"
    protocol = "y-websocket"

    def __init__(
        self,
        transport: Transport,
        clock: Clock,
        figures: Figures,
        address: str,
        meter: Meter,
        *,
        admission: Admission,
        host: RoomHost,
        incarnation: str,
        keeper: CopyKeeper,
    ) -> None:
        super().__init__(transport, clock, figures, address, meter)
        self._admission = admission
        self._taker = CopyTaker(
            keeper, host, admission, incarnation, now=self.opened_at, say=self._say, ended=self.close
        )

    def begin(self) -> None:
        self._taker.begin()

    def _receive(self, data: bytes | str, now: float) -> float:
        self._count(data)
        if self._closed:
            return 0.0
        try:
            if isinstance(data, str):
                raise MalformedFrame("text frames are not part of this protocol")
            self._taker.hear(y_websocket.decode(data))
        except MalformedFrame as error:
            self._figures.refusals.note("frame", "malformed", self.address, detail=str(error), bytes=len(data))
            self.close(Invalid(str(error)))
        return self._meter.take(len(data), now)

    def drained(self) -> None:
        """It is told nothing but one question, and that the link lives."""

    def lost(self, *, clean: bool) -> None:
        super().lost(clean=clean)
        self._taker.close()

    def look_after(self, now: float, at: datetime) -> None:
        if now - self.silent_since(now) >= KEEP_ALIVE_SECONDS:
            self._say(NOBODY_MOVED)
        self._taker.look_after(now)

    def access_changed(self, change: dict[str, Any]) -> None:
        """Its right is looked up when its copy is to be kept."""

    @property
    def guest(self) -> Guest:
        return self._admission.guest

    @property
    def documents(self) -> tuple[str, ...]:
        return (self._admission.document,)

    def _say(self, message: Message) -> None:
        if (payload := y_websocket.encode(message)) is not None:
            self._write(Frame(payload))
