"""What the log takes and answers. What is made in every turn is not frozen: a frozen one takes three times as long."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

__all__ = [
    "Batch",
    "Committed",
    "Gone",
    "LoggedAnswer",
    "LoggedRow",
    "Opened",
    "Outcome",
    "Replaced",
    "Row",
    "Snapshot",
    "Standing",
]


@dataclass(slots=True)
class Row:
    """One writer's part of a turn. `client_ids`: ids whose owner the writer becomes, unless they have one."""

    writer: str | None
    update: bytes
    client_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class LoggedAnswer:
    """The answer to a request with a key of this user's, kept in the transaction that logs what the request did.

    said: from the position of the last row to the answer's body.
    """

    user: str
    key: str
    request_hash: str
    status: int
    said: Callable[[int], str]


@dataclass(slots=True)
class Batch:
    """The rows of one turn of a room; `node` names the opening of the room, `number` the turn in it.

    incarnation: the one that the room was opened with; None: they are for any.
    """

    document: str
    node: str
    number: int
    rows: tuple[Row, ...]
    answer: LoggedAnswer | None = None
    incarnation: str | None = None


@dataclass(frozen=True, slots=True)
class Committed:
    """The batch's rows stand in the log for good, from position `first` to `last`."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Gone:
    """There is no such document any more; nothing was written."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """The document was brought back from a backup since the room was opened; nothing was written."""


Outcome: TypeAlias = Committed | Gone | Replaced


@dataclass(frozen=True, slots=True)
class LoggedRow:
    """A row as it stands in the log."""

    position: int
    writer: str | None
    update: bytes


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All rows up to `position`, folded into one update, with what that contains (both encoded)."""

    position: int
    update: bytes
    state_vector: bytes
    deletes: bytes


@dataclass(frozen=True, slots=True)
class Opened:
    """What a room begins with. `head`: the position of the last row here; `owners`: client id -> user id."""

    document: str
    organisation: str
    incarnation: str
    head: int
    snapshot: Snapshot | None
    rows: list[tuple[int, bytes]]
    owners: dict[int, str]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a document stands in the log: its last position, and that of the snapshot in force (0: there is none)."""

    incarnation: str
    head: int
    snapshot_position: int
