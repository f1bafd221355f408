"""What can be done to a part of a document: RFC 6902's operations, and the splice of a text."""

from dataclasses import dataclass
from typing import Any, TypeAlias

__all__ = ["Add", "Copy", "Expect", "Move", "Operation", "Remove", "Replace", "Splice"]


@dataclass(frozen=True, slots=True)
class Splice:
    """Delete `delete` UTF-16 units at `index` of the text at `path`, and insert `insert` there."""

    path: str
    index: int
    delete: int
    insert: str


@dataclass(frozen=True, slots=True)
class Add:
    """RFC 6902, 4.1: insert into a list (`-`: at its end), or set a key."""

    path: str
    value: Any


@dataclass(frozen=True, slots=True)
class Remove:
    """RFC 6902, 4.2."""

    path: str


@dataclass(frozen=True, slots=True)
class Replace:
    """RFC 6902, 4.3."""

    path: str
    value: Any


@dataclass(frozen=True, slots=True)
class Move:
    """RFC 6902, 4.4. What is moved is new at its new place: Yjs knows no move."""

    path: str
    source: str


@dataclass(frozen=True, slots=True)
class Copy:
    """RFC 6902, 4.5."""

    path: str
    source: str


@dataclass(frozen=True, slots=True)
class Expect:
    """RFC 6902, 4.6 (`test`): nothing is done unless this value stands there."""

    path: str
    value: Any


Operation: TypeAlias = Splice | Add | Remove | Replace | Move | Copy | Expect
