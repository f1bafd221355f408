"""Which pages may act here with a visitor's cookie: exact matches only (ASVS 5.0, 4.4.2)."""

from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

__all__ = ["OriginRule"]

DEFAULT_PORTS = {"http": 80, "https": 443}


class OriginRule:
    """The origins that are ours.

    They are the public address and the allowed origins. Where no public address is set, a page is also ours when its
    origin is the very host and port that the request was sent to, and that host is `localhost` or a literal IP
    address: a name could be made to point here by anybody (DNS rebinding), an address cannot. In open mode, which is
    for development on one machine, pages that it serves from another port (a bundler's) are ours, too.
    """

    def __init__(self, public_url: str | None, allowed: Iterable[str] = (), *, open_mode: bool = False) -> None:
        self._origins = frozenset(allowed) | (frozenset({_origin(public_url)}) if public_url else frozenset())
        self._trusts_own_host = public_url is None
        self._trusts_this_machine = open_mode

    def allows(self, origin: str | None, host: str) -> bool:
        """`origin` and `host` as in the headers. No origin: no browser's page sent it, so the answer is yes.

        Who accepts a cookie must ask for an origin besides.
        """
        if origin is None:
            return True
        if origin in self._origins or (self._trusts_own_host and _is_own_host(origin, host)):
            return True
        return self._trusts_this_machine and _is_of_this_machine(origin)


def _origin(url: str) -> str:
    """The origin as browsers write it: lower case, no default port."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    port = parts.port
    return f"{parts.scheme}://{host}" + ("" if port in (None, DEFAULT_PORTS.get(parts.scheme)) else f":{port}")


def _is_own_host(origin: str, host: str) -> bool:
    scheme = origin.partition("://")[0]
    if scheme not in DEFAULT_PORTS or not host or set(host) & set("/?#@\\ "):
        return False
    try:
        asked = _origin(f"{scheme}://{host}")
    except ValueError:
        return False
    return origin == asked and _cannot_be_rebound(urlsplit(asked).hostname or "")


def _is_of_this_machine(origin: str) -> bool:
    """Was the page served by this machine? A name that was made to point here is still the page's origin."""
    try:
        parts = urlsplit(origin)
        plain = parts.scheme in DEFAULT_PORTS and origin == _origin(origin)
        return plain and (parts.hostname == "localhost" or ip_address(parts.hostname or "").is_loopback)
    except ValueError:
        return False


def _cannot_be_rebound(name: str) -> bool:
    if name == "localhost":
        return True
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
