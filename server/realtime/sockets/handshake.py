"""uvicorn's WebSocket protocol with one thing more: when the handshake is over, a fast socket may take its place.

Written against uvicorn 0.54.0, which is pinned: it leans on how that class ends its coroutine, and on that HTTP hands
it exactly the request's head. After `claim` the library sees nothing of what the client sends, so that whatever comes
before the hand-over, whole or in part, goes to the fast socket in the order of the stream.
"""

import asyncio
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

from server.realtime.connections.registry import Arrival
from server.realtime.sockets.fast import FastSocket
from server.realtime.sockets.floor import Floor

__all__ = ["UVICORN", "FastHandshake", "handshake_of"]

UVICORN = "0.54.0"
"""The version whose source this was written against; a test holds the installed one to it."""
EXTENSION = "counterpoint.fast_socket"


class FastHandshake(WebSocketsSansIOProtocol):
    """Its application finds it under `scope["extensions"]`."""

    _claimed: bool = False
    _early: bytes = b""

    def claim(self) -> None:
        """Say before the accept that the socket will be handed over."""
        self._claimed = True

    def hand_over(self, floor: Floor, arrival: Arrival) -> FastSocket:
        """After the accept: the fast socket that has the TCP connection now. Nothing is left for this object to do."""
        tcp, self.transport = self.transport, _NoTransport()
        self.connections.discard(self)
        socket = FastSocket(
            tcp, floor, self.connections, arrival, max_size=self.config.ws_max_size, stalled=not self.writable.is_set()
        )
        tcp.set_protocol(socket)
        self.conn.parser.close()  # it holds the library's parser in a circle
        if self._early:
            socket.data_received(self._early)
        return socket

    # What uvicorn's class does otherwise.

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if not self.close_sent:
            extensions: dict[str, Any] = self.scope["extensions"]
            extensions[EXTENSION] = self

    def data_received(self, data: bytes) -> None:
        if self._claimed or (self.handshake_initiated and not self.handshake_complete):
            self._early += data
            self.transport.pause_reading()
        else:
            super().data_received(data)

    def start_keepalive(self) -> None:
        if not self._claimed:  # a fast socket is looked at with all others, and needs no timer of its own
            super().start_keepalive()

    async def send(self, message: Any) -> None:
        await super().send(message)
        if self._early and self.handshake_complete and not (self._claimed or self.close_sent):
            early, self._early = self._early, b""
            self.transport.resume_reading()
            super().data_received(early)


def handshake_of(scope: Any) -> FastHandshake | None:
    """The handshake behind this ASGI scope, where the server is one of ours."""
    handshake = scope.get("extensions", {}).get(EXTENSION)
    return handshake if isinstance(handshake, FastHandshake) else None


class _NoTransport(asyncio.Transport):
    """What is left when the TCP connection has been handed over: uvicorn closes it at its coroutine's end."""

    def close(self) -> None:
        """Nothing to close."""

    def is_closing(self) -> bool:
        return True
