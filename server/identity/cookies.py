"""The cookie that carries a session, and what a request brought to prove who sent it."""

from dataclasses import dataclass
from datetime import datetime

from starlette.requests import HTTPConnection
from starlette.responses import Response

from server.identity.principal import Credentials
from server.settings import Settings

__all__ = ["SessionCookie"]


@dataclass(frozen=True, slots=True)
class SessionCookie:
    """`__Host-` needs https: browsers then take the cookie only from this very host, over TLS, for every path."""

    name: str
    secure: bool

    @classmethod
    def of(cls, settings: Settings) -> "SessionCookie":
        return cls("__Host-counterpoint", secure=True) if settings.https else cls("counterpoint", secure=False)

    def put(self, response: Response, token: str, expires_at: datetime) -> None:
        response.set_cookie(
            self.name, token, expires=expires_at, path="/", secure=self.secure, httponly=True, samesite="lax"
        )

    def clear(self, response: Response) -> None:
        response.delete_cookie(self.name, path="/", secure=self.secure, httponly=True, samesite="lax")

    def credentials_of(self, connection: HTTPConnection) -> Credentials:
        """What this request or socket brought, unchecked.

        A bearer token may stand in the Authorization header or, for socket clients in browsers, which cannot set
        headers, in `?token=`. Two Origin headers are told as an origin that is nobody's.
        """
        # Most sockets bring neither a cookie nor a query: what is not there is not parsed.
        asks = connection.scope["type"] == "websocket" and bool(connection.scope["query_string"])
        origins = connection.headers.getlist("origin")
        return Credentials(
            cookie=connection.cookies.get(self.name) or None,
            bearer=_bearer(connection.headers.get("authorization", ""))
            or (connection.query_params.get("token") or None if asks else None),
            ticket=connection.query_params.get("ticket") or None if asks else None,
            origin=None if not origins else origins[0] if len(origins) == 1 else "null",
            address=connection.client.host if connection.client else "",
        )


def _bearer(header: str) -> str | None:
    scheme, _, token = header.partition(" ")
    return (token.strip() or None) if scheme.lower() == "bearer" else None
