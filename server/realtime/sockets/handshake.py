"""The opening handshake of our own sockets (RFC 6455 section 4.2), on the head that uvicorn's HTTP parser has read.

It takes requests as every client sends them, and answers them with a fifth of the work. Whatever is not quite like that
goes to uvicorn's own protocol, whose library says what is wrong with it, and whose sockets are served all the same.

Written against uvicorn 0.54.0, which is pinned: it leans on what its HTTP protocol holds when a request asks for an
upgrade. Nothing is read before the hand-over, so that whatever comes earlier, whole or in part, goes to the fast socket
in the order of the stream.
"""

import asyncio
import logging
from base64 import b64encode
from binascii import Error as Base64Error
from binascii import a2b_base64
from collections.abc import MutableSet
from hashlib import sha1
from typing import Any
from urllib.parse import unquote

from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import STATUS_PHRASES

from server.realtime.connections.registry import Arrival
from server.realtime.sockets.fast import FastSocket
from server.realtime.sockets.floor import Floor
from server.realtime.turnstile import Turnstile

__all__ = ["CENTRIFUGE", "DATA_SOURCES", "HOCUSPOCUS", "SYNC", "UVICORN", "Handshake", "handshake_of"]

log = logging.getLogger(__name__)

UVICORN = "0.54.0"
"""The version whose source this was written against; a test holds the installed one to it."""
EXTENSION = "counterpoint.fast_socket"
SYNC, HOCUSPOCUS = "/sync/", "/hocuspocus"
CENTRIFUGE, DATA_SOURCES = "/connection/websocket", "/ws/data-sources"
"""Where our sockets are; the first one is followed by a document's name."""
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
MOST_HEADERS, MOST_BYTES = 64, 16 << 10


class Handshake(asyncio.Protocol):
    """One upgrade request. Its application finds it under `scope["extensions"]`, and accepts or refuses it."""

    @classmethod
    def of(cls, http: HttpToolsProtocol) -> "Handshake | None":
        """The handshake of the request that `http` has read, if it is a plain one for a socket of ours."""
        raw_path, _, query = http.url.partition(b"?")
        key = _key_of(http)
        if key is None or not raw_path.isascii() or not _is_ours(path := unquote(raw_path.decode("ascii"))):
            return None
        return cls(http, key, {"path": path, "raw_path": raw_path, "query_string": query})

    def __init__(self, http: HttpToolsProtocol, key: bytes, address: dict[str, Any]) -> None:
        self.scope: dict[str, Any] = {
            "type": "websocket",
            "asgi": {"version": http.asgi_version, "spec_version": "2.4"},
            "http_version": "1.1",
            "scheme": "wss" if http.scheme == "https" else "ws",
            "server": http.server,
            "client": http.client,
            "root_path": "",
            **address,
            "headers": http.headers,
            "subprotocols": _subprotocols(http),
            "state": http.app_state.copy(),
            "extensions": {"websocket.http.response": {}, EXTENSION: self},
        }
        self._tcp = http.transport
        self._connections: MutableSet[Any] = http.connections
        self._default_headers = http.server_state.default_headers
        self._max_size = http.config.ws_max_size
        self._key = key
        self._early = b""
        self._stalled = self._is_lost = self._is_answered = self._is_handed_over = False
        self._refusal: tuple[int, list[tuple[bytes, bytes]], bytes] | None = None

    def begin(self, http: HttpToolsProtocol, turnstile: Turnstile) -> None:
        """Take the place of `http`, and ask the application when it is this one's turn."""
        http.connections.discard(http)
        http.parser = None  # type: ignore[assignment]  # it holds its protocol in a circle
        self._connections.add(self)
        self._tcp.set_protocol(self)
        task = http.loop.create_task(self._run(http.app, turnstile))
        http.tasks.add(task)
        task.add_done_callback(http.tasks.discard)

    def hand_over(self, floor: Floor, arrival: Arrival) -> FastSocket:
        """After the accept: the fast socket that has the TCP connection now. Nothing is left for this object to do."""
        self._is_handed_over = True
        self._connections.discard(self)
        socket = FastSocket(
            self._tcp, floor, self._connections, arrival, max_size=self._max_size, stalled=self._stalled
        )
        self._tcp.set_protocol(socket)
        if self._early:
            socket.data_received(self._early)
        return socket

    # For the loop (asyncio.Protocol).

    def data_received(self, data: bytes) -> None:
        self._early += data
        self._tcp.pause_reading()

    def pause_writing(self) -> None:
        self._stalled = True

    def resume_writing(self) -> None:
        self._stalled = False

    def connection_lost(self, exc: Exception | None) -> None:
        self._is_lost = True
        self._connections.discard(self)

    # For uvicorn.

    def shutdown(self) -> None:
        """The server ends before the application has answered."""
        self._refuse(503, [], b"")

    # For the application (ASGI).

    async def receive(self) -> dict[str, Any]:
        """The request for a connection; what comes after it is not told here, but to the fast socket."""
        return {"type": "websocket.connect"}

    async def send(self, message: Any) -> None:
        """Accept, or refuse by `websocket.close` or by a whole HTTP response. Raises ClientDisconnected."""
        if self._is_lost or self._tcp.is_closing():
            raise ClientDisconnected
        match message["type"]:
            case "websocket.accept" if not self._is_answered:
                self._is_answered = True
                accept = b64encode(sha1(self._key + GUID, usedforsecurity=False).digest())
                lines = [(b"upgrade", b"websocket"), (b"connection", b"Upgrade"), (b"sec-websocket-accept", accept)]
                if chosen := message.get("subprotocol"):
                    lines.append((b"sec-websocket-protocol", chosen.encode()))
                self._tcp.write(_head(101, [*self._default_headers, *lines, *message.get("headers", ())]))
            case "websocket.close":
                self._refuse(403, [], b"")
            case "websocket.http.response.start":
                self._refusal = message["status"], list(message.get("headers", ())), b""
            case "websocket.http.response.body" if self._refusal is not None:
                status, headers, body = self._refusal
                self._refusal = status, headers, body + message.get("body", b"")
                if not message.get("more_body", False):
                    self._refuse(*self._refusal)
            case other:
                raise RuntimeError(f"{other} has no place in an opening handshake")

    # Private.

    async def _run(self, app: ASGIApp, turnstile: Turnstile) -> None:
        try:
            await turnstile.turn()
            await app(self.scope, self.receive, self.send)
        except ClientDisconnected:
            pass
        except Exception:  # a fault of ours is logged, and answered below: the socket would hang open
            log.exception("an upgrade request could not be answered")
        finally:
            if not self._is_handed_over:
                self._refuse(500, [], b"")

    def _refuse(self, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
        """Answer with this, unless there was an answer, and close."""
        if not self._is_answered:
            self._is_answered = True
            named = {name.lower() for name, _ in headers}
            length = [] if b"content-length" in named else [(b"content-length", str(len(body)).encode())]
            head = _head(status, [*self._default_headers, *headers, *length, (b"connection", b"close")])
            self._tcp.write(head + body)
        self._tcp.close()


def handshake_of(scope: Any) -> Handshake | None:
    """The handshake behind this ASGI scope, where the server is one of ours."""
    handshake = scope.get("extensions", {}).get(EXTENSION)
    return handshake if isinstance(handshake, Handshake) else None


def _is_ours(path: str) -> bool:
    return path.startswith(SYNC) or path in (HOCUSPOCUS, CENTRIFUGE, DATA_SOURCES)


def _subprotocols(http: HttpToolsProtocol) -> list[str]:
    """What the client offers to speak, the dearest first (RFC 6455 section 4.1)."""
    offered = dict(http.headers).get(b"sec-websocket-protocol", b"").decode("latin-1")
    return [each.strip() for each in offered.split(",") if each.strip()]


def _key_of(http: HttpToolsProtocol) -> bytes | None:
    """The key of a request that leaves nothing to ask: each header once, in its only form, and of a usual size.

    That it asks for an upgrade to `websocket` is what `http` has seen already.
    """
    headers = dict(http.headers)
    key = headers.get(b"sec-websocket-key", b"")
    is_plain = (
        len(headers) == len(http.headers) <= MOST_HEADERS
        and len(http.url) + sum(len(name) + len(value) for name, value in http.headers) <= MOST_BYTES
        and http.scope["method"] == "GET"
        and http.scope["http_version"] == "1.1"
        and headers.get(b"sec-websocket-version") == b"13"
        and b"host" in headers
        and headers.keys().isdisjoint({b"content-length", b"transfer-encoding"})
        and not http.root_path
    )
    try:
        return key if is_plain and len(a2b_base64(key, strict_mode=True)) == 16 else None
    except Base64Error:
        return None


def _head(status: int, headers: list[tuple[bytes, bytes]]) -> bytes:
    lines = [f"HTTP/1.1 {status} {STATUS_PHRASES[status]}".encode(), *(b"%b: %b" % header for header in headers)]
    return b"\r\n".join(lines) + b"\r\n\r\n"
