"""What a room asks its runner to do; the runner performs the effects in the order in which they stand.

Those of every turn are not frozen: to make a frozen one takes three times as long.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from crdt.awareness import Seen
from crdt.errors import CrdtError
from crdt.messages import Message

__all__ = ["Append", "Broadcast", "Effect", "Elsewhere", "GoOn", "Refuse", "Resynchronise", "Send", "Show", "WriterRow"]


@dataclass(slots=True)
class WriterRow:
    """One writer's part of a turn: what goes into the log as one row.

    `client_ids` are the ids whose owner is learned with this row: the writer held them live when it wrote.
    """

    writer: str
    update: bytes
    client_ids: tuple[int, ...]


@dataclass(slots=True)
class Append:
    """Write these rows to the log, then call `Room.committed(number)`. Comes before the Broadcast of the same turn.

    author: the only peer that wrote in the turn, -1 when several did.
    """

    number: int
    rows: tuple[WriterRow, ...]
    author: int


@dataclass(slots=True)
class Show:
    """Tell the other nodes who moved here, or has gone."""

    seen: tuple[Seen, ...]


@dataclass(slots=True)
class Send:
    """Say this to one peer."""

    peer: int
    message: Message


@dataclass(slots=True)
class Broadcast:
    """Say this to these peers but not to its author (-1: nobody's alone); encode it once per way of speaking.

    `peers` is the same object until somebody comes, goes or falls behind.
    """

    peers: tuple[int, ...]
    message: Message
    author: int


@dataclass(frozen=True, slots=True)
class Refuse:
    """This peer sent what the document cannot take: tell it so, and end its seat. Its replica is tainted."""

    peer: int
    error: CrdtError


@dataclass(frozen=True, slots=True)
class Resynchronise:
    """The room could not keep what this peer sent: end its seat so that it comes back and synchronises anew."""

    peer: int


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Run `function(*args)` in another process, then call `Room.answered(token, result)`; in the result's place stands
    the CrdtError that it raised, a RefusedUpdate when it took more time or memory than it may or ended whoever did it,
    or Unexamined when it could not be done for another reason."""

    token: int
    function: Callable[..., Any]
    args: tuple[Any, ...]
    user: str
    """Who made it necessary."""


@dataclass(frozen=True, slots=True)
class GoOn:
    """Call `Room.go_on(peer)`: when the last `Send` has not filled its socket, more of its answer follows."""

    peer: int


Effect: TypeAlias = Append | Broadcast | Elsewhere | GoOn | Refuse | Resynchronise | Send | Show
