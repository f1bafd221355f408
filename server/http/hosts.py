"""Which Host a request may name: a page of another name that resolves to this machine is another site (rebinding)."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from server.errors import Forbidden
from server.http.errors import request_id_of
from server.http.reply import error_response
from server.settings import Settings

__all__ = ["HostCheck"]


class HostCheck:
    """Refuses requests and socket upgrades for hosts that are not this server's.

    Known are this machine's own names and the host of the public address. A server that listens on every network and
    was told no public address cannot know its names, and takes them all.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.public = urlsplit(settings.public_url).hostname if settings.public_url else None
        self.takes_all = self.public is None and not settings.loopback

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or self.takes_all or self._is_ours(_hosts(scope)):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 4403, "reason": "unknown host"})
        else:
            error = Forbidden("This server does not go by that name; set COUNTERPOINT_PUBLIC_URL if it should.")
            await error_response(error, request_id_of(scope))(scope, receive, send)

    def _is_ours(self, hosts: list[str]) -> bool:
        if len(hosts) != 1:
            return False
        try:
            name = urlsplit(f"//{hosts[0]}").hostname or ""
        except ValueError:
            return False
        return name in {self.public, "localhost"} or _is_loopback(name)


def _hosts(scope: Scope) -> list[str]:
    return [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]


def _is_loopback(name: str) -> bool:
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
