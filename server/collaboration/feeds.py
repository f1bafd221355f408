"""The door for events: `/connection/websocket`, for clients of Centrifugo's protocol in JSON."""

from dataclasses import dataclass

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from server.collaboration.feed_door import SocketFeedDoor
from server.collaboration.sockets import SocketHall, Visit
from server.identity.channels import ChannelDesk
from server.realtime.connections.centrifuge import CentrifugeConnection
from server.realtime.feed.desk import FeedDesk
from server.realtime.sockets.handshake import CENTRIFUGE

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

    return [WebSocketRoute(CENTRIFUGE, centrifuge)]


def _centrifuge(hall: FeedHall, visit: Visit) -> CentrifugeConnection:
    sockets = hall.sockets
    door = SocketFeedDoor(sockets.doorkeeper, hall.channels, sockets.registry, visit.arrival, visit.credentials)
    return CentrifugeConnection(
        visit.transport,
        sockets.clock,
        sockets.figures,
        visit.credentials.address,
        sockets.meter(),
        door=door,
        desk=hall.desk,
        version=hall.version,
    )
