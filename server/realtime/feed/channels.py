"""Channels as clients name them, and the port through which it is asked who may listen; identity stands behind it."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol, get_args

from persistence.events import StreamKey
from server.errors import FieldIssue, Invalid
from server.events.catalogue import StreamKind
from server.realtime.door import Guest
from server.realtime.feed.hub import Sees

__all__ = ["LONGEST_CHANNEL", "Channel", "ChannelDoor", "ChannelName", "channel_name"]

LONGEST_CHANNEL = 255
WITH_ID = frozenset[StreamKind]({"workspace", "user"})
"""Kinds of which there are many in an organisation; of the others there is one."""
WITH_OR_WITHOUT = frozenset[StreamKind]({"metrics"})
"""Kinds of which one may hear one or all."""
ID = re.compile(r"[0-9a-zA-Z_-]{1,50}")


@dataclass(frozen=True, slots=True)
class ChannelName:
    """`workspace:{id}`, `user:{id}`, `metrics:{id}`, or a word alone. It always means the caller's own organisation."""

    kind: StreamKind
    id: str

    @property
    def stream(self) -> str:
        return f"{self.kind}:{self.id}" if self.id else self.kind


@dataclass(frozen=True, slots=True)
class Channel:
    """A guest may listen to a stream.

    sees        what of it he may see
    reopen      the same channel with the rights that he has now; raises what `ChannelDoor.open` raises
    opened_at   when his rights were looked up (monotonic seconds)
    """

    name: str
    key: StreamKey
    guest: Guest
    sees: Sees
    reopen: Callable[[], Awaitable["Channel"]]
    opened_at: float


class ChannelDoor(Protocol):
    """Stands behind one caller, who is known."""

    async def open(self, name: str) -> Channel:
        """Raises Invalid (no such channel), NotFound (also another's), Forbidden, Unauthenticated, StoreUnavailable."""
        ...


def channel_name(name: str) -> ChannelName:
    """Raises Invalid for what cannot be the name of a channel."""
    kind, colon, id_ = name.partition(":")
    if len(name) <= LONGEST_CHANNEL:
        for known in get_args(StreamKind):
            fits = known in WITH_OR_WITHOUT or bool(colon) == (known in WITH_ID)
            if kind == known and fits and (not colon or ID.fullmatch(id_)):
                return ChannelName(known, id_)
    raise Invalid(
        "There is no such channel.", details=[FieldIssue("channel", "names no channel", name[:LONGEST_CHANNEL])]
    )
