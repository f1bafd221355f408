"""`GET /events`: the channels that a client names, as server-sent events."""

import logging
from collections.abc import Sequence
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from persistence.errors import StoreUnavailable
from server.collaboration.feed_door import SocketFeedDoor
from server.collaboration.feeds import FeedHall
from server.collaboration.knocking import may_knock
from server.errors import AppError, FieldIssue, Internal, Invalid, StoreRefuses
from server.realtime.connections.event_stream import EventStreamConnection, farewell
from server.realtime.connections.registry import Arrival
from server.realtime.feed.channels import channel_name
from server.realtime.feed.event_stream import positions_of
from server.realtime.refusals import reason_of
from server.realtime.sockets.response import ResponseTransport

__all__ = ["EVENTS", "event_stream_route"]

log = logging.getLogger(__name__)

EVENTS = "/events"
MOST_CHANNELS = 32
HEADERS = {"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no"}
MEDIA_TYPE = "text/event-stream; charset=utf-8"


def event_stream_route(hall: FeedHall) -> Route:
    async def events(request: Request) -> Response:
        names = _names(request.query_params.get("channels", ""))
        if request.method == "HEAD":
            return Response(headers=HEADERS, media_type=MEDIA_TYPE)
        return EventStream(hall, request, names)

    return Route(EVENTS, events, methods=["GET"])


class EventStream(Response):
    """An answer that lasts. Whoever is refused gets 200 and an event too: any other status stops an EventSource."""

    def __init__(self, hall: FeedHall, request: Request, names: Sequence[str]) -> None:
        super().__init__(headers=HEADERS, media_type=MEDIA_TYPE)
        del self.headers["content-length"]
        self._hall = hall
        self._names = names
        self._last_id = request.headers.get("last-event-id") or request.query_params.get("lastEventID", "")
        self._presence = request.query_params.get("presence") == "true"
        self._request = request
        # A token that lasts must not stand in an address, where logs and histories keep it; a ticket is good once.
        ticket = request.query_params.get("ticket") or None
        self._credentials = replace(hall.sockets.credentials_of(request), ticket=ticket)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        registry = self._hall.sockets.registry
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        try:
            may_knock(self._request, self._credentials, self._hall.sockets.doorkeeper)
            arrival = registry.arrive(self._credentials.address)
        except AppError as error:
            await self._refuse(error, send)
            return
        try:
            await self._serve(arrival, receive, send)
        finally:
            registry.depart(arrival)

    async def _serve(self, arrival: Arrival, receive: Receive, send: Send) -> None:
        sockets, transport = self._hall.sockets, ResponseTransport()
        connection = EventStreamConnection(
            transport, sockets.clock, sockets.figures, arrival.address, sockets.meter(), desk=self._hall.desk
        )
        sockets.registry.add(connection)
        is_ended = False
        try:
            await self._begin(connection, arrival)
            is_ended = await transport.attend(connection.drained, receive, send)
        finally:
            sockets.registry.lost(connection, clean=is_ended)

    async def _begin(self, connection: EventStreamConnection, arrival: Arrival) -> None:
        sockets, hall = self._hall.sockets, self._hall
        door = SocketFeedDoor(sockets.doorkeeper, hall.channels, sockets.registry, arrival, self._credentials)
        try:
            guest, opener = await door.sign_in(None)
            since = positions_of(self._last_id, self._names)
            await connection.begin(guest, opener, self._names, since, presence=self._presence)
        except AppError as error:
            sockets.figures.refusals.note("opening", reason_of(error), arrival.address)
            connection.close(error)
        except StoreUnavailable:
            connection.close(StoreRefuses("The store does not answer."))
        except Exception:  # a defect of ours is logged, and ends this answer only: its client comes back
            log.exception("events could not be begun")
            connection.close(Internal())

    async def _refuse(self, error: AppError, send: Send) -> None:
        self._hall.sockets.figures.refusals.note("upgrade", reason_of(error), self._credentials.address)
        await send({"type": "http.response.body", "body": farewell(error).payload, "more_body": False})


def _names(text: str) -> tuple[str, ...]:
    """The channels, each once. Raises Invalid."""
    names = tuple(dict.fromkeys(each for each in text.split(",") if each))
    if not 0 < len(names) <= MOST_CHANNELS:
        raise Invalid(
            details=[FieldIssue("channels", f"are 1 to {MOST_CHANNELS} names, with commas between", text[:255])]
        )
    for each in names:
        channel_name(each)
    return names
