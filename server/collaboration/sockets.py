"""The doors for sockets: the handshake, who may come in, and the reading of what comes."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.responses import JSONResponse
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from persistence.errors import StoreUnavailable
from server.clock import Clock
from server.collaboration.admission import SocketDoor
from server.errors import AppError, ForeignOrigin, Internal, StoreRefuses, told
from server.identity.principal import Credentials
from server.identity.service import Doorkeeper
from server.realtime.connections.base import Connection
from server.realtime.connections.hocuspocus import HocuspocusConnection
from server.realtime.connections.registry import ConnectionRegistry
from server.realtime.connections.y_websocket import YWebsocketConnection
from server.realtime.figures import Figures
from server.realtime.meter import Meter
from server.realtime.refusals import reason_of
from server.realtime.rooms import RoomKeeper
from server.realtime.sockets.asgi import AsgiTransport

__all__ = ["SocketHall", "socket_routes"]

log = logging.getLogger(__name__)

CLEAN_CODES = frozenset({1000, 1001, 1005})
"""Closed on purpose: normal, the page went away, and a close without a code (what browsers' `close()` sends)."""


@dataclass(frozen=True, slots=True)
class SocketHall:
    """What the socket doors need of the house."""

    doorkeeper: Doorkeeper
    credentials_of: Callable[[WebSocket], Credentials]
    registry: ConnectionRegistry
    rooms: RoomKeeper
    clock: Clock
    figures: Figures
    messages_per_second: float
    bytes_per_second: float

    def meter(self) -> Meter:
        """A new one, for one connection."""
        return Meter(self.clock, self.messages_per_second, self.bytes_per_second)


def socket_routes(hall: SocketHall) -> list[WebSocketRoute]:
    """`/sync/{document}` for y-websocket clients and `/hocuspocus` for Hocuspocus providers."""

    async def sync(websocket: WebSocket) -> None:
        await _Visit(hall, websocket).serve(_y_websocket)

    async def hocuspocus(websocket: WebSocket) -> None:
        await _Visit(hall, websocket).serve(_hocuspocus)

    return [WebSocketRoute("/sync/{document:path}", sync), WebSocketRoute("/hocuspocus", hocuspocus)]


class _Visit:
    """One socket from its upgrade request to its end."""

    def __init__(self, hall: SocketHall, websocket: WebSocket) -> None:
        self.hall = hall
        self.websocket = websocket
        self.credentials = hall.credentials_of(websocket)
        self.door = SocketDoor(hall.doorkeeper, hall.registry, self.credentials)
        self.transport = AsgiTransport(websocket, self._drained)
        self._connection: Connection | None = None

    async def serve(self, begin: "Callable[[_Visit], Awaitable[Connection]]") -> None:
        try:
            self._may_knock()
        except AppError as error:
            self.hall.figures.refusals.note("upgrade", reason_of(error), self.credentials.address)
            await self._refuse_upgrade(error)
            return
        try:
            await self._let_in(begin)
        finally:
            self.hall.registry.depart(self.credentials.address)

    async def _let_in(self, begin: "Callable[[_Visit], Awaitable[Connection]]") -> None:
        # Refused later than here, a browser sees a close code; before the upgrade it sees only 1006.
        await self.websocket.accept()
        try:
            connection = await begin(self)
        except AppError as error:
            self.hall.figures.refusals.note("opening", reason_of(error), self.credentials.address)
            self.transport.close(told(error).close, error.message)
        except StoreUnavailable:
            self.transport.close(told(StoreRefuses()).close, "the store does not answer")
        except Exception:  # the socket would hang open: it is closed with a code, and the fault is logged
            log.exception("opening a socket failed")
            self.transport.close(told(Internal()).close, "internal")
        else:
            await self._attend(connection)
        await self.transport.finished()

    # Private: the handshake.

    def _may_knock(self) -> None:
        host = self.websocket.headers.get("host", "")
        if not self.hall.doorkeeper.origin_allowed(self.credentials.origin, host):
            raise ForeignOrigin
        if self.credentials.origin is None and self.credentials.cookie is not None and not self._brought_a_token():
            raise ForeignOrigin("A cookie counts only with an Origin header.")
        self.hall.registry.arrive(self.credentials.address)

    def _brought_a_token(self) -> bool:
        return bool(self.credentials.bearer or self.credentials.ticket)

    async def _refuse_upgrade(self, error: AppError) -> None:
        row = told(error)
        body = {"message": error.message, "code": row.code, "details": []}
        headers = {"Retry-After": "5"} if row.retry else None
        await self.websocket.send_denial_response(JSONResponse(body, row.status, headers))

    # Private: while it is open.

    async def _attend(self, connection: Connection) -> None:
        self._connection = connection
        self.hall.registry.add(connection)
        clean = False
        try:
            clean = await self._read(connection)
        finally:
            self.hall.registry.remove(connection)
            connection.lost(clean=clean)
            self.transport.abandon()

    async def _read(self, connection: Connection) -> bool:
        """Hand every message to the connection; the answer: was the socket closed on purpose?"""
        writer = self.hall.rooms.writer
        while True:
            event = await self.websocket.receive()
            if event["type"] == "websocket.disconnect":
                return event.get("code") in CLEAN_CODES
            data: bytes | str | None = event.get("bytes")
            if data is None:
                data = event.get("text") or ""
            if (pause := connection.receive(data)) > 0:
                await asyncio.sleep(pause)
            if writer.is_full:
                await writer.has_room()

    def _drained(self) -> None:
        if self._connection is not None:
            self._connection.drained()


async def _y_websocket(visit: _Visit) -> Connection:
    hall = visit.hall
    admission = await visit.door.admit(visit.websocket.path_params["document"], None)
    host = await hall.rooms.enter(admission.document)
    peer = hall.registry.next_peer()
    address = visit.credentials.address
    connection = YWebsocketConnection(
        visit.transport, hall.clock, hall.figures, address, hall.meter(), peer=peer, admission=admission
    )
    connection.enter(host)
    return connection


async def _hocuspocus(visit: _Visit) -> Connection:
    hall = visit.hall
    return HocuspocusConnection(
        visit.transport,
        hall.clock,
        hall.figures,
        visit.credentials.address,
        hall.meter(),
        door=visit.door,
        rooms=hall.rooms,
        next_peer=hall.registry.next_peer,
    )
