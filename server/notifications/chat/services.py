"""Which chat services there are to send to.

Apprise knows two hundred services, and for most of them the address names the host: with those, anybody could have this
server send to a machine of its own network (rule A2), for Apprise resolves and connects by itself. So there are those
whose host stands in Apprise's own code, whatever the address says, and those that the operator has named with their
host. Options (what stands behind a `?`) are refused: some of them read files, fetch pages or turn off TLS.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import parse_qsl, urlsplit

__all__ = ["SERVICES", "Chat", "ChatRefused", "ChatServices", "Service"]

LONGEST_ADDRESS = 500
ADDRESS = re.compile(r"([a-z][a-z0-9]{1,19})://([\x21-\x7e]{1,480})", re.IGNORECASE)
CLOUD_ONLY = frozenset({"ntfy", "ntfys"})


class ChatRefused(Exception):
    """We do not send there; the text says why, and nothing of the address."""


@dataclass(frozen=True, slots=True)
class Service:
    """`example`: how an address looks. `hosts`: where Apprise sends to, and nowhere else."""

    name: str
    example: str
    hosts: frozenset[str]


def _service(name: str, example: str, *hosts: str) -> Service:
    return Service(name, example, frozenset(hosts))


SERVICES: Mapping[str, Service] = MappingProxyType(
    {
        "slack": _service("Slack", "https://hooks.slack.com/services/T.../B.../...", "hooks.slack.com", "slack.com"),
        "discord": _service("Discord", "https://discord.com/api/webhooks/.../...", "discord.com"),
        "tgram": _service("Telegram", "tgram://{bot token}/{chat id}", "api.telegram.org"),
        "gchat": _service("Google Chat", "gchat://{workspace}/{key}/{token}", "chat.googleapis.com"),
        "wxteams": _service("Webex", "wxteams://{token}", "api.ciscospark.com", "webexapis.com"),
        "pover": _service("Pushover", "pover://{user key}@{token}", "api.pushover.net"),
        "pbul": _service("Pushbullet", "pbul://{access token}", "api.pushbullet.com"),
        "ntfy": _service("ntfy.sh", "ntfy://{topic}", "ntfy.sh"),
        "ntfys": _service("ntfy.sh", "ntfys://{topic}", "ntfy.sh"),
    }
)

# What the services themselves show for copying.
NATIVE: Mapping[str, str] = MappingProxyType(
    {
        "hooks.slack.com": "slack",
        "discord.com": "discord",
        "discordapp.com": "discord",
        "chat.googleapis.com": "gchat",
        "webexapis.com": "wxteams",
        "api.ciscospark.com": "wxteams",
    }
)
NATIVE_OPTIONS: Mapping[str, frozenset[str]] = MappingProxyType({"chat.googleapis.com": frozenset({"key", "token"})})


@dataclass(frozen=True, slots=True)
class Chat:
    """An address that may be sent to, as far as its text says. `host`, `port`: those that the operator has named."""

    url: str
    scheme: str
    host: str | None = None
    port: int | None = None

    @property
    def cloud_only(self) -> bool:
        """Apprise must not have taken a part of it for a host."""
        return self.host is None and self.scheme in CLOUD_ONLY


class ChatServices:
    """`allow`: what the operator has added, such as `mmosts://chat.example.org`; there private hosts will do."""

    def __init__(self, allow: Sequence[str] = ()) -> None:
        self._allow = {_place(each) for each in allow}

    def check(self, url: str) -> Chat:
        """Raises ChatRefused."""
        if len(url) > LONGEST_ADDRESS or not (found := ADDRESS.fullmatch(url)):
            raise ChatRefused("it is not an address such as slack://... or https://hooks.slack.com/...")
        scheme = found[1].lower()
        if (place := _readable_place(url)) in self._allow:
            _check_options(url, frozenset())
            return Chat(url, scheme, place[1], place[2])
        if scheme == "https" and place[1] in NATIVE and place[2] is None:
            _check_options(url, NATIVE_OPTIONS.get(place[1], frozenset()))
            return Chat(url, NATIVE[place[1]])
        if scheme not in SERVICES:
            names = ", ".join(sorted({each.name for each in SERVICES.values()}))
            raise ChatRefused(f"it is of no service that this server sends to: {names}; its operator can add others")
        _check_options(url, frozenset())
        return Chat(url, scheme)


def _check_options(url: str, known: frozenset[str]) -> None:
    before, mark, options = url.partition("?")
    named = {name for name, _ in parse_qsl(options, keep_blank_values=True)}
    if "#" in url or (mark and not (named and named <= known)) or "%3f" in before.lower():
        raise ChatRefused("it has options in it; leave out what stands behind the question mark")


def _place(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port. Raises ValueError."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port


def _readable_place(url: str) -> tuple[str, str, int | None]:
    """The same of an address whose parts may be none: a chat's id stands where a port would."""
    try:
        return _place(url)
    except ValueError:
        return "", "", None
