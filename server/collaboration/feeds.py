"""The doors for events: `/connection/websocket` for clients of Centrifugo's protocol, and `/ws/data-sources`."""

from dataclasses import dataclass

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from server.collaboration.feed_door import SocketFeedDoor
from server.collaboration.sockets import SocketHall, Visit
from server.identity.channels import ChannelDesk
from server.realtime.connections.centrifuge import CentrifugeConnection
from server.realtime.connections.data_sources import DataSourcesConnection
from server.realtime.feed.data_sources import SUBPROTOCOL
from server.realtime.feed.desk import FeedDesk
from server.realtime.sockets.handshake import CENTRIFUGE, DATA_SOURCES

__all__ = ["FeedHall", "feed_routes"]


@dataclass(frozen=True, slots=True)
class FeedHall:
    """What the door needs of the house. `version`: the server's, which clients are told."""

    sockets: SocketHall
    channels: ChannelDesk
    desk: FeedDesk
    version: str


def feed_routes(hall: FeedHall) -> list[WebSocketRoute]:
    async def centrifuge(websocket: WebSocket) -> None:
        await Visit(hall.sockets, websocket).serve(begin)

    async def begin(visit: Visit) -> CentrifugeConnection:
        return _centrifuge(hall, visit)

    async def data_sources(websocket: WebSocket) -> None:
        await Visit(hall.sockets, websocket, SUBPROTOCOL).serve(enter)

    async def enter(visit: Visit) -> DataSourcesConnection:
        connection = _data_sources(hall, visit)
        await connection.enter()
        return connection

    return [WebSocketRoute(CENTRIFUGE, centrifuge), WebSocketRoute(DATA_SOURCES, data_sources)]


def _centrifuge(hall: FeedHall, visit: Visit) -> CentrifugeConnection:
    sockets = hall.sockets
    return CentrifugeConnection(
        visit.transport,
        sockets.clock,
        sockets.figures,
        visit.credentials.address,
        sockets.meter(),
        door=_door(hall, visit),
        desk=hall.desk,
        version=hall.version,
    )


def _data_sources(hall: FeedHall, visit: Visit) -> DataSourcesConnection:
    sockets = hall.sockets
    return DataSourcesConnection(
        visit.transport,
        sockets.clock,
        sockets.figures,
        visit.credentials.address,
        sockets.meter(),
        door=_door(hall, visit),
        desk=hall.desk,
    )


def _door(hall: FeedHall, visit: Visit) -> SocketFeedDoor:
    sockets = hall.sockets
    return SocketFeedDoor(sockets.doorkeeper, hall.channels, sockets.registry, visit.arrival, visit.credentials)
