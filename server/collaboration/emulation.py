"""Centrifugo's protocol without WebSockets: `/connection/http_stream`, `/connection/sse` and `/emulation`.

The answer to one request is the way down, and each further request carries commands up, bound to it by a secret id.
"""

from pydantic import BaseModel, Field, ValidationError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from server.collaboration.feed_door import AddressFeedDoor, SocketFeedDoor
from server.collaboration.feeds import FeedHall
from server.collaboration.knocking import may_knock
from server.errors import AppError, FieldIssue, Invalid, InvalidJson, TooLarge
from server.realtime.connections.centrifuge import LARGEST_MESSAGE, CentrifugeConnection
from server.realtime.connections.emulation import EmulationDesk, Session
from server.realtime.connections.registry import Arrival
from server.realtime.refusals import reason_of
from server.realtime.sockets.emulated import EmulatedTransport, EventTransport, LineTransport

__all__ = ["EMULATION", "HTTP_STREAM", "SSE", "emulation_routes"]

HTTP_STREAM, SSE, EMULATION = "/connection/http_stream", "/connection/sse", "/emulation"
LARGEST_BODY = 2 * LARGEST_MESSAGE + 1024
"""Commands stand in a JSON text here, so their quotes are two bytes each."""
HEADERS = {"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no"}


class Said(BaseModel):
    """The body of `/emulation`, as the npm client sends it. `data`: the commands, one a line."""

    session: str = Field(max_length=64)
    node: str = Field(max_length=64)
    data: str = Field(min_length=1, max_length=LARGEST_MESSAGE)


def emulation_routes(hall: FeedHall, desk: EmulationDesk) -> list[Route]:
    """POST requests come through CsrfGuard, which has looked where they come from."""

    async def http_stream(request: Request) -> Response:
        body = await _body(request, LARGEST_MESSAGE)
        return EmulatedStream(hall, desk, request, _text(body), LineTransport())

    async def sse(request: Request) -> Response:
        if request.method == "HEAD":
            return Response(headers=HEADERS, media_type=EventTransport.media_type)
        may_knock(request, hall.sockets.credentials_of(request), hall.sockets.doorkeeper)
        begun = request.query_params.get("cf_connect", "")
        return EmulatedStream(hall, desk, request, begun, EventTransport())

    async def emulation(request: Request) -> Response:
        said = _said(await _body(request, LARGEST_BODY))
        await desk.say(said.node, said.session, said.data)
        return Response(status_code=204)

    return [
        Route(HTTP_STREAM, http_stream, methods=["POST"]),
        Route(SSE, sse, methods=["GET"]),
        Route(EMULATION, emulation, methods=["POST"]),
    ]


class EmulatedStream(Response):
    """An answer that lasts as long as its session. `begun`: the first commands, which are to sign in."""

    def __init__(
        self,
        hall: FeedHall,
        desk: EmulationDesk,
        request: Request,
        begun: str,
        transport: EmulatedTransport,
    ) -> None:
        super().__init__(headers=HEADERS, media_type=transport.media_type)
        del self.headers["content-length"]
        self._hall = hall
        self._desk = desk
        self._begun = begun
        self._transport = transport
        self._credentials = hall.sockets.credentials_of(request)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        sockets = self._hall.sockets
        try:
            arrival = sockets.registry.arrive(self._credentials.address)
        except AppError as error:
            sockets.figures.refusals.note("upgrade", reason_of(error), self._credentials.address)
            raise
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            await self._serve(arrival, receive, send)
        finally:
            sockets.registry.depart(arrival)

    async def _serve(self, arrival: Arrival, receive: Receive, send: Send) -> None:
        registry, session = self._hall.sockets.registry, self._desk.issue()
        connection = self._connection(arrival, session)
        registry.add(connection)
        self._desk.open(session, connection)
        is_ended = False
        try:
            connection.receive(self._begun)
            is_ended = await self._transport.attend(connection.drained, receive, send)
        finally:
            self._desk.close(session)
            registry.lost(connection, clean=is_ended)

    def _connection(self, arrival: Arrival, session: Session) -> CentrifugeConnection:
        hall, sockets = self._hall, self._hall.sockets
        door = AddressFeedDoor if isinstance(self._transport, EventTransport) else SocketFeedDoor
        return CentrifugeConnection(
            self._transport,
            sockets.clock,
            sockets.figures,
            arrival.address,
            sockets.meter(),
            door=door(sockets.doorkeeper, hall.channels, sockets.registry, arrival, self._credentials),
            desk=hall.desk,
            version=hall.version,
            session=session,
        )


async def _body(request: Request, most: int) -> bytes:
    """Raises Invalid; TooLarge at the byte that is too many."""
    body = bytearray()
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > most:
                raise TooLarge(details=[FieldIssue("body", f"must have at most {most} bytes")])
    except ClientDisconnect:  # clients that go take back what they were sending
        raise Invalid("The body has ended early.") from None
    return bytes(body)


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise InvalidJson from None


def _said(body: bytes) -> Said:
    """Raises InvalidJson, Invalid. What was given may hold the session's secret, so no error repeats it."""
    try:
        return Said.model_validate_json(body, strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        if first["type"] == "json_invalid":
            raise InvalidJson from None
        field = ".".join(map(str, first["loc"])) or "body"
        raise Invalid(details=[FieldIssue(field, first["msg"])]) from None
