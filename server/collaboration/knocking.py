"""May this page ask? For GET requests that a browser sends with a person's cookie, whoever made the page."""

from starlette.requests import Request

from server.errors import ForeignOrigin
from server.identity.principal import Credentials
from server.identity.service import Doorkeeper

__all__ = ["may_knock"]

OWN_SITES = {None, "same-origin", "same-site", "none"}
"""Sec-Fetch-Site of a page of ours (an EventSource on its own origin sends no Origin), and of what is no browser."""


def may_knock(request: Request, brought: Credentials, doorkeeper: Doorkeeper) -> None:
    """What another site's page asks for with a person's cookie is not his wish. Raises ForeignOrigin."""
    if brought.origin is not None:
        if not doorkeeper.origin_allowed(brought.origin, request.headers.get("host", "")):
            raise ForeignOrigin
    elif request.headers.get("sec-fetch-site") not in OWN_SITES:
        raise ForeignOrigin
