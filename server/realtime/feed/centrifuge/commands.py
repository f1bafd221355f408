"""What clients say: JSON objects, one a line, each with a number to answer and one method.

    {"id":2,"subscribe":{"channel":"workspace:w1","recover":true,"epoch":"aBcDeFgH","offset":41}}

An empty object is the answer to a ping. Fields that nobody here reads may hold anything.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NoReturn, TypeAlias, TypeGuard

from persistence.events import StreamPosition
from server.errors import Invalid

__all__ = [
    "LONGEST_CHANNEL",
    "MOST_COMMANDS",
    "WORDS",
    "Command",
    "Connect",
    "NotServed",
    "Pong",
    "Presence",
    "PresenceStats",
    "Publish",
    "Refresh",
    "Send",
    "Subscribe",
    "Unsubscribe",
    "decode",
]

LONGEST_CHANNEL = 255
LONGEST_TOKEN = 8192
MOST_COMMANDS = 512
"""In one message: a client that comes back subscribes to all of its channels in one."""
LARGEST_ID = (1 << 32) - 1
LARGEST_OFFSET = (1 << 63) - 1
UNRECOVERABLE_IS_AN_ERROR = 2
"""The bit of `flag` that asks for an error instead of a subscription that is not recovered."""


@dataclass(frozen=True, slots=True)
class Pong:
    """The client is alive."""


@dataclass(frozen=True, slots=True)
class Connect:
    """The first command. `token`: None when the client brought its credential otherwise."""

    id: int
    token: str | None


@dataclass(frozen=True, slots=True)
class Subscribe:
    """`since`: recover what came behind this. `or_error`: and if that cannot be, do not subscribe at all.

    join_leave      tell also who comes and goes
    """

    id: int
    channel: str
    since: StreamPosition | None = None
    or_error: bool = False
    join_leave: bool = False


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    id: int
    channel: str


@dataclass(frozen=True, slots=True)
class Presence:
    """Who is in the channel?"""

    id: int
    channel: str


@dataclass(frozen=True, slots=True)
class PresenceStats:
    """How many are in the channel?"""

    id: int
    channel: str


@dataclass(frozen=True, slots=True)
class Publish:
    """Clients publish nothing: events are written by changes."""

    id: int


@dataclass(frozen=True, slots=True)
class Refresh:
    """A newer token for the whole connection."""

    id: int
    token: str


@dataclass(frozen=True, slots=True)
class Send:
    """A message that asks for no answer, and for which there is no receiver."""


@dataclass(frozen=True, slots=True)
class NotServed:
    """A command of the protocol that is not served here (`known`), or of a later version."""

    id: int
    known: bool


Command: TypeAlias = (
    Pong | Connect | Subscribe | Unsubscribe | Presence | PresenceStats | Publish | Refresh | Send | NotServed
)
Json: TypeAlias = dict[str, Any]


def decode(text: str) -> list[Command]:
    """The commands of one message, in order. Raises Invalid, which names the field."""
    lines = [line for line in text.split("\n") if line.strip()]
    if not lines or len(lines) > MOST_COMMANDS:
        raise Invalid(f"a message holds 1 to {MOST_COMMANDS} commands")
    return [_command(_object(line)) for line in lines]


def _object(line: str) -> Json:
    try:
        value = json.loads(line, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Invalid("a command is a JSON object") from None
    if not isinstance(value, dict):
        raise Invalid("a command is a JSON object")
    return value


def _command(given: Json) -> Command:
    if not given:
        return Pong()
    if "send" in given:
        return Send()
    number = given.get("id")
    if not _is_int(number) or not 0 < number <= LARGEST_ID:
        raise Invalid(f"id: a number from 1 to {LARGEST_ID}")
    method = next((name for name in given if name in METHODS), None)
    if method is None:
        return NotServed(number, known=any(name in KNOWN for name in given))
    body = given[method]
    if not isinstance(body, dict):
        raise Invalid(f"{method}: an object")
    return METHODS[method](number, body)


def _connect(number: int, body: Json) -> Connect:
    return Connect(number, _text(body, "token", LONGEST_TOKEN) or None)


def _subscribe(number: int, body: Json) -> Subscribe:
    flag = body.get("flag", 0)
    if not _is_int(flag):
        raise Invalid("flag: a number")
    since = _position(body) if body.get("recover") is True else None
    return Subscribe(
        number,
        _channel(body),
        since,
        or_error=bool(flag & UNRECOVERABLE_IS_AN_ERROR),
        join_leave=body.get("join_leave") is True,
    )


def _position(body: Json) -> StreamPosition:
    offset = body.get("offset", 0)
    if not _is_int(offset) or not 0 <= offset <= LARGEST_OFFSET:
        raise Invalid(f"offset: a number from 0 to {LARGEST_OFFSET}")
    return StreamPosition(_text(body, "epoch", LONGEST_CHANNEL), offset)


def _unsubscribe(number: int, body: Json) -> Unsubscribe:
    return Unsubscribe(number, _channel(body))


def _presence(number: int, body: Json) -> Presence:
    return Presence(number, _channel(body))


def _presence_stats(number: int, body: Json) -> PresenceStats:
    return PresenceStats(number, _channel(body))


def _publish(number: int, _: Json) -> Publish:
    return Publish(number)


def _refresh(number: int, body: Json) -> Refresh:
    return Refresh(number, _text(body, "token", LONGEST_TOKEN))


METHODS: Mapping[str, Callable[[int, Json], Command]] = MappingProxyType(
    {
        "connect": _connect,
        "subscribe": _subscribe,
        "unsubscribe": _unsubscribe,
        "presence": _presence,
        "presence_stats": _presence_stats,
        "publish": _publish,
        "refresh": _refresh,
    }
)
KNOWN = frozenset({"history", "rpc", "sub_refresh"})
WORDS = frozenset({*METHODS, *KNOWN, "send", "pong"})
"""All that a client can say; the answer to a ping, an empty object, is the pong."""


def _channel(body: Json) -> str:
    channel = _text(body, "channel", LONGEST_CHANNEL)
    if not channel:
        raise Invalid("channel: a name")
    return channel


def _text(body: Json, name: str, most: int) -> str:
    value = body.get(name, "")
    if not isinstance(value, str) or len(value) > most or not _is_storable(value):
        raise Invalid(f"{name}: a text of at most {most} characters")
    return value


def _is_storable(value: str) -> bool:
    """No store takes half a surrogate pair, and PostgreSQL no NUL."""
    return "\0" not in value and not any("\ud800" <= character <= "\udfff" for character in value)


def _is_int(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)
