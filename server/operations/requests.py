"""Every request gets an id, one line in the log and one count in the figures; its query string gets none of them."""

import logging
from secrets import token_hex

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.clock import Clock
from server.operations.metrics import Metrics

__all__ = ["RequestLog"]

log = logging.getLogger("counterpoint.access")

QUIET = frozenset({"/healthz", "/readyz", "/metrics"})  # asked every few seconds by machines
LONGEST_PATH = 500
ENDLESS = "text/event-stream"
"""Such an answer lasts as long as its client stays: its time is that until it began."""
# Only what HTTP defines becomes a label: a stranger must not be able to invent new ones.
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class RequestLog:
    """The outermost layer. The id is always our own: one sent by a client could forge lines that belong together."""

    def __init__(self, app: ASGIApp, metrics: Metrics, clock: Clock) -> None:
        self.app = app
        self.metrics = metrics
        self.clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        request_id = token_hex(16)
        scope.setdefault("state", {})["request_id"] = request_id
        if scope["type"] == "websocket":
            await self.app(scope, receive, send)
            return
        started, status, lasted = self.clock.monotonic(), 500, None

        async def send_with_id(message: Message) -> None:
            nonlocal status, lasted
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id
                if headers.get("content-type", "").startswith(ENDLESS):
                    lasted = self.clock.monotonic() - started
            await send(message)

        try:
            await self.app(scope, receive, send_with_id)
        finally:
            self._note(scope, status, self.clock.monotonic() - started if lasted is None else lasted)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in METHODS else "OTHER"
        self.metrics.answered(method, _template(scope), status, seconds)
        level = logging.DEBUG if scope["path"] in QUIET and status < 400 else logging.INFO
        log.log(
            level,
            "answered",
            extra={
                "request_id": scope["state"]["request_id"],
                "method": method,
                "path": scope["path"][:LONGEST_PATH],
                "status": status,
                "milliseconds": round(seconds * 1000, 1),
                "address": (scope.get("client") or ("unknown",))[0],
            },
        )


def _template(scope: Scope) -> str:
    """The route's path with its parameters' names; one word for everything that has no route."""
    return getattr(scope.get("route"), "path", None) or "none"
