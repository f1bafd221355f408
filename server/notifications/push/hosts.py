"""Which push services there are: a browser's subscription leads to one of these, and nothing else is sent there."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

__all__ = ["KNOWN_HOSTS", "PushHosts"]

KNOWN_HOSTS = (
    "fcm.googleapis.com",  # Chrome, Edge on Android, Brave, Opera, Samsung
    "*.push.services.mozilla.com",  # Firefox
    "*.notify.windows.com",  # Edge on Windows
    "*.push.apple.com",  # Safari: web.push.apple.com now; Apple asks for the whole domain
)
HOST = re.compile(r"[a-z0-9.:-]+")


class PushHosts:
    """`more`: those that the operator has added, each a host or `*.` and a domain."""

    def __init__(self, more: Sequence[str] = ()) -> None:
        self._more = tuple(each.lower() for each in more)

    def allows(self, endpoint: str) -> bool:
        """Those of the browsers' makers by https alone; whether one of the operator's may do without, egress says."""
        try:
            parts = urlsplit(endpoint)
            host = (parts.hostname or "").removesuffix(".")
        except ValueError:
            return False
        if not HOST.fullmatch(host):  # what one reader of addresses takes for a host, another one may not
            return False
        allowed = self._more if parts.scheme != "https" else (*KNOWN_HOSTS, *self._more)
        return any(_means(each, host) for each in allowed)


def _means(allowed: str, host: str) -> bool:
    if allowed.startswith("*."):
        return host.endswith(allowed[1:]) and len(host) > len(allowed) - 1
    return host == allowed
