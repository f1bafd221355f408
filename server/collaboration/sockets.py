"""The doors for sockets: the handshake, who may come in, and which way the frames go from then on."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from starlette.requests import HTTPConnection
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
from server.realtime.connections.copy import CopyConnection
from server.realtime.connections.hocuspocus import HocuspocusConnection
from server.realtime.connections.registry import Arrival, ConnectionRegistry
from server.realtime.connections.y_websocket import YWebsocketConnection
from server.realtime.copies import CopyKeeper, KnownIncarnations
from server.realtime.figures import Figures
from server.realtime.meter import LoopShares, Meter
from server.realtime.refusals import reason_of
from server.realtime.rooms import RoomKeeper
from server.realtime.sockets.asgi import AsgiTransport
from server.realtime.sockets.floor import Floor
from server.realtime.sockets.handshake import HOCUSPOCUS, SYNC, Handshake, handshake_of
from server.realtime.transport import Transport

__all__ = ["SocketHall", "Visit", "socket_routes"]

log = logging.getLogger(__name__)

NOTHING_KNOWN = KnownIncarnations()
"""Of nearly every client."""


@dataclass(frozen=True, slots=True)
class SocketHall:
    """What the socket doors need of the house."""

    doorkeeper: Doorkeeper
    credentials_of: Callable[[HTTPConnection], Credentials]
    registry: ConnectionRegistry
    rooms: RoomKeeper
    copies: CopyKeeper
    floor: Floor
    clock: Clock
    figures: Figures
    messages_per_second: float
    bytes_per_second: float
    shares: LoopShares = field(default_factory=LoopShares)

    def meter(self) -> Meter:
        """A new one, for one connection."""
        return Meter(self.clock.monotonic(), self.messages_per_second, self.bytes_per_second, self.shares)


def socket_routes(hall: SocketHall) -> list[WebSocketRoute]:
    """`/sync/{document}` for y-websocket clients and `/hocuspocus` for Hocuspocus providers."""

    async def sync(websocket: WebSocket) -> None:
        await Visit(hall, websocket).serve(_y_websocket)

    async def hocuspocus(websocket: WebSocket) -> None:
        await Visit(hall, websocket).serve(_hocuspocus)

    return [WebSocketRoute(f"{SYNC}{{document:path}}", sync), WebSocketRoute(HOCUSPOCUS, hocuspocus)]


class Visit:
    """One socket from its upgrade request until its connection hears it."""

    transport: Transport
    door: SocketDoor
    arrival: Arrival

    def __init__(self, hall: SocketHall, websocket: WebSocket, subprotocol: str | None = None) -> None:
        """subprotocol: is spoken where the client offers it; who offers none is served as well."""
        self.hall = hall
        self._subprotocol = subprotocol if subprotocol in websocket.scope["subprotocols"] else None
        self.websocket = websocket
        self.credentials = hall.credentials_of(websocket)

    async def serve(self, begin: "Begin") -> None:
        try:
            self._may_knock()
            self.arrival = self.hall.registry.arrive(self.credentials.address)
        except AppError as error:
            self.hall.figures.refusals.note("upgrade", reason_of(error), self.credentials.address)
            await self._refuse_upgrade(error)
            return
        self.door = SocketDoor(self.hall.doorkeeper, self.hall.registry, self.arrival, self.credentials)
        handshake = handshake_of(self.websocket.scope)
        if handshake is None:
            await self._serve_here(begin)
        else:
            await self._hand_over(begin, handshake)

    async def _hand_over(self, begin: "Begin", handshake: Handshake) -> None:
        """On our own server: this coroutine ends once the connection hears the socket."""
        try:
            # Refused later than here, a browser sees a close code; before the upgrade it sees only 1006.
            await self.websocket.accept(self._subprotocol)
            self.transport = fast = handshake.hand_over(self.hall.floor, self.arrival)
        except BaseException:  # it is raised again: only the count is put right
            self.hall.registry.depart(self.arrival)
            raise
        connection = await self._begin(begin)
        if connection is not None:
            fast.attend(connection)

    async def _serve_here(self, begin: "Begin") -> None:
        """On any other ASGI server: this coroutine reads until the socket ends."""
        try:
            await self.websocket.accept(self._subprotocol)
            self.transport = asgi = AsgiTransport(self.websocket)
            connection = await self._begin(begin)
            if connection is not None:
                await asgi.attend(connection, self.hall.floor)
            await asgi.finished()
        finally:
            self.hall.registry.depart(self.arrival)

    async def _begin(self, begin: "Begin") -> Connection | None:
        """The connection, or None when the socket is being closed instead."""
        try:
            return await begin(self)
        except AppError as error:
            self.hall.figures.refusals.note("opening", reason_of(error), self.credentials.address)
            self.transport.close(told(error).close, error.message)
        except StoreUnavailable:
            self.transport.close(told(StoreRefuses()).close, "the store does not answer")
        except Exception:  # the socket would hang open: it is closed with a code, and the fault is logged
            log.exception("opening a socket failed")
            self.transport.close(told(Internal()).close, "internal")
        return None

    # Private: the handshake.

    def _may_knock(self) -> None:
        host = self.websocket.headers.get("host", "")
        if not self.hall.doorkeeper.origin_allowed(self.credentials.origin, host):
            raise ForeignOrigin
        if self.credentials.origin is None and self.credentials.cookie is not None and not self._brought_a_token():
            raise ForeignOrigin("A cookie counts only with an Origin header.")

    def _brought_a_token(self) -> bool:
        return bool(self.credentials.bearer or self.credentials.ticket)

    async def _refuse_upgrade(self, error: AppError) -> None:
        row = told(error)
        body = {"message": error.message, "code": row.code, "details": []}
        headers = {"Retry-After": "5"} if row.retry else None
        await self.websocket.send_denial_response(JSONResponse(body, row.status, headers))


Begin = Callable[[Visit], Awaitable[Connection]]


async def _y_websocket(visit: Visit) -> Connection:
    hall = visit.hall
    name = visit.websocket.path_params["document"]
    known = _known_incarnations(visit).of(name)
    admission = await visit.door.admit(name, None)
    host = await hall.rooms.enter(admission.document)
    common = (visit.transport, hall.clock, hall.figures, visit.credentials.address, hall.meter())
    if known and known != host.incarnation:
        copy = CopyConnection(*common, admission=admission, host=host, incarnation=known, keeper=hall.copies)
        copy.begin()
        return copy
    connection = YWebsocketConnection(*common, peer=hall.registry.next_peer(), admission=admission)
    connection.enter(host)
    return connection


async def _hocuspocus(visit: Visit) -> Connection:
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
        keeper=hall.copies,
        known=_known_incarnations(visit),
    )


def _known_incarnations(visit: Visit) -> KnownIncarnations:
    if b"incarnation=" not in visit.websocket.scope["query_string"]:
        return NOTHING_KNOWN
    return KnownIncarnations(visit.websocket.query_params.getlist("incarnation"))
