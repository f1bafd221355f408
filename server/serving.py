"""uvicorn as we need it: on a stop it drains through the application first, and then ends with 0.

Its own Server closes every socket before the application hears of the stop, and ends by raising the signal again, so
that an orderly stop looks like a crash (exit status 143). uvicorn is pinned because this leans on its order of steps.
"""

import asyncio
import gc
import logging
import socket
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from server.realtime.sockets.handshake import Handshake
from server.realtime.turnstile import Turnstile
from server.settings import Settings

__all__ = ["DrainingServer", "server_config"]

log = logging.getLogger("counterpoint.serving")

PING_SECONDS = 20.0  # under the 30 to 60 s after which proxies and home routers drop a silent connection
HEAD_SECONDS, BODY_SECONDS = 10.0, 60.0
"""How long a client may take for a request's head, and for its body (1 MiB by default). uvicorn waits for ever, so that
clients who never finish what they say would use up the files that the process may open."""
LINGER_SECONDS = 2  # for answers that are under way once the drain is done


def server_config(app: ASGIApp, settings: Settings) -> uvicorn.Config:
    """How we run uvicorn: no banner, no access log of its own (it has query strings), no compression on sockets."""
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
        http=partial(PunctualHttp, turnstile=Turnstile()),  # type: ignore[arg-type]  # it is only called
        ws="websockets-sansio",
        ws_max_size=settings.max_message_bytes,
        ws_ping_interval=PING_SECONDS,
        ws_ping_timeout=PING_SECONDS,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=LINGER_SECONDS,
    )


class PunctualHttp(HttpToolsProtocol):
    """Closes connections on which a request does not arrive in time; one that is served keeps uvicorn's own limits."""

    _deadline: asyncio.TimerHandle | None = None

    def __init__(self, *given: Any, turnstile: Turnstile, **named: Any) -> None:
        """`turnstile`: for the upgrade requests of all connections."""
        super().__init__(*given, **named)
        self._turnstile = turnstile

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect(HEAD_SECONDS)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        if self._deadline is None:  # another request on a connection that was kept
            self._expect(HEAD_SECONDS)

    def on_headers_complete(self) -> None:
        self._arrived()
        if any(name in {b"content-length", b"transfer-encoding"} for name, _ in self.headers):
            self._expect(BODY_SECONDS)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._arrived()
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        """Our own sockets are ours from here on; any other, and any unusual request, is uvicorn's."""
        self._arrived()
        if (handshake := Handshake.of(self)) is not None:
            handshake.begin(self, self._turnstile)
        else:
            super().handle_websocket_upgrade()

    def connection_lost(self, exc: Exception | None) -> None:
        self._arrived()
        super().connection_lost(exc)

    def _expect(self, seconds: float) -> None:
        self._arrived()
        self._deadline = self.loop.call_later(seconds, self.transport.close)

    def _arrived(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


class DrainingServer(uvicorn.Server):
    """Tells on which port it listens (`on_start`), and drains before it lets go of the connections."""

    def __init__(
        self,
        config: uvicorn.Config,
        *,
        drain: Callable[[], Awaitable[None]],
        drain_seconds: float,
        on_start: Callable[[int], Awaitable[None]],
    ) -> None:
        super().__init__(config)
        self._drain = drain
        self._drain_seconds = drain_seconds
        self._on_start = on_start

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            spare_the_collector()
            await self._on_start(self.servers[0].sockets[0].getsockname()[1])

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for listener in self.servers:
            listener.close()
        try:
            async with asyncio.timeout(self._drain_seconds):
                await self._drain()
        except TimeoutError:
            log.error("the drain did not end in time", extra={"seconds": self._drain_seconds})  # noqa: TRY400 - no trace
        await super().shutdown(sockets)
        # An orderly stop is a success: uvicorn would raise the captured signals again.
        self._captured_signals.clear()


def spare_the_collector() -> None:
    """Take what was made at the start, for good, out of the garbage collector's sight, and let it look less often.

    Some 800,000 objects of imported modules are walked at each full collection, and edits make many objects that
    have no cycles.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 25, 100)
