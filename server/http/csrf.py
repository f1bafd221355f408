"""Another site's page may not act with a visitor's cookie (ASVS 5.0, 3.5.1 to 3.5.3)."""

from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Receive, Scope, Send

from server.errors import AppError, Forbidden, ForeignOrigin
from server.http.errors import request_id_of
from server.http.reply import error_response

__all__ = ["CsrfGuard", "OriginAllowed"]

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
OriginAllowed = Callable[[str | None, str], bool]


class CsrfGuard:
    """Checks where an unsafe request comes from, unless a bearer token (which no other site can send) vouches for it.

    An Origin must be one of ours. Without one a request that carries our cookie must be marked same-origin by the
    browser; a missing mark counts as foreign (CVE-2026-40864 came from trusting other values). A body sent with the
    cookie must be JSON, which a plain form cannot send.
    """

    def __init__(self, app: ASGIApp, origin_allowed: OriginAllowed, cookies: frozenset[str]) -> None:
        self.app = app
        self.origin_allowed = origin_allowed
        self.cookies = cookies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        error = self._objection(scope) if scope["type"] == "http" else None
        if error is None:
            await self.app(scope, receive, send)
        else:
            await error_response(error, request_id_of(scope))(scope, receive, send)

    def _objection(self, scope: Scope) -> AppError | None:
        headers = Headers(scope=scope)
        if scope["method"] in SAFE_METHODS or headers.get("authorization", "").lower().startswith("bearer "):
            return None
        origins = headers.getlist("origin")
        if origins and (len(origins) > 1 or not self.origin_allowed(origins[0], headers.get("host", ""))):
            return ForeignOrigin()
        if self.cookies.isdisjoint(cookie_parser(headers.get("cookie", ""))):
            return None
        if not origins and headers.get("sec-fetch-site") != "same-origin":
            return ForeignOrigin("A request with a cookie must say which origin it comes from.")
        if _has_body(headers) and headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return Forbidden("A body must be sent as application/json.")
        return None


def _has_body(headers: Headers) -> bool:
    return headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
