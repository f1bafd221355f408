"""What the store of threads takes, answers and refuses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

__all__ = [
    "AnchorRow",
    "CommentRow",
    "NewAnchor",
    "NewComment",
    "NoThread",
    "ReactionRow",
    "TakenId",
    "ThreadFull",
    "ThreadLimits",
    "ThreadRow",
    "TooManyReactions",
    "TooManyThreads",
    "WholeThread",
]


class NoThread(Exception):
    """The document has no such thread."""


class TakenId(Exception):
    """Another comment has this id."""


class ThreadFull(Exception):
    """The thread holds as much as a thread may."""


class TooManyThreads(Exception):
    """The document has as many threads as a document may."""


class TooManyReactions(Exception):
    """The comment has as many reactions as a comment may."""


@dataclass(frozen=True, slots=True)
class ThreadLimits:
    """threads: of a document. comments, characters: of a thread. reaction_kinds, reactions: of a comment."""

    threads: int
    comments: int
    characters: int
    reaction_kinds: int
    reactions: int


@dataclass(frozen=True, slots=True)
class NewAnchor:
    """Where a new thread stands; each name is that of a column.

    start, end    encoded relative positions; None: to be made at `asked_line` and `asked_column`
    position      of the log, at which the rest was found; -1: nobody has looked yet
    """

    start: bytes | None
    end: bytes | None
    asked_line: int | None
    asked_column: int | None
    clamped: bool
    quote: str | None
    state: str
    reason: str | None
    line: int | None
    column: int | None
    end_line: int | None
    end_column: int | None
    position: int


@dataclass(frozen=True, slots=True)
class NewComment:
    """`thread_id`: None begins a thread, of this id, with this anchor if there is one."""

    id: str
    document_id: str
    thread_id: str | None
    author_id: str
    content: str
    created_at: datetime
    anchor: NewAnchor | None = None


@dataclass(frozen=True, slots=True)
class AnchorRow:
    """Where a thread stood when that was looked up last, at `position` of the log.

    start, end    its encoded relative positions, by which a client with the document finds it now
    """

    state: str
    reason: str | None
    line: int | None
    column: int | None
    end_line: int | None
    end_column: int | None
    quote: str | None
    clamped: bool
    position: int
    start: bytes | None
    end: bytes | None


@dataclass(frozen=True, slots=True)
class ThreadRow:
    id: str
    document_id: str
    created_at: datetime
    updated_at: datetime
    resolved_at: datetime | None
    resolved_by: str | None
    comments: int
    characters: int
    anchor: AnchorRow | None


@dataclass(frozen=True, slots=True)
class CommentRow:
    """`author_name` is what the author is called now."""

    id: str
    thread_id: str
    document_id: str
    author_id: str
    author_name: str
    content: str
    created_at: datetime
    updated_at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReactionRow:
    """`kind`: the emoji without what only says how it is drawn."""

    comment_id: str
    kind: str
    user_id: str
    user_name: str
    emoji: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class WholeThread:
    """A thread with all of its comments, oldest first, and the reactions to each."""

    thread: ThreadRow
    comments: list[CommentRow]
    reactions: Mapping[str, list[ReactionRow]]
