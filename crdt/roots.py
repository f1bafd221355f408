"""What kind of shared type each root of a document is: concluded from what it holds, for updates do not say it."""

from typing import Literal, TypeAlias

from crdt.codec import Cursor
from crdt.editor import EDITOR_ROOT
from crdt.neighbours import Neighbours
from crdt.updates.contents import Kind
from crdt.updates.structs import HAS_KEY, Parsed, Struct, parse

__all__ = ["RootKind", "root_kinds"]

RootKind: TypeAlias = Literal["text", "map", "array", "xml"]

XML_TYPES = frozenset({3, 5, 6})
"""XML element, XML hook and XML text, as children of a fragment."""
TEXT_KINDS = frozenset({Kind.STRING, Kind.FORMAT, Kind.EMBED})
PRECEDENCE: tuple[RootKind, ...] = ("text", "array", "xml", "map")
"""Texts and arrays may hold shared types of every kind, and texts have attributes, which look like a map's keys."""


def root_kinds(update: bytes) -> dict[str, RootKind]:
    """The roots of a whole document, by name. Raises MalformedUpdate.

    A root whose content is all deleted is left out: what it was cannot be known.
    """
    parsed = parse(update)
    told: dict[str, set[RootKind]] = {}
    for block in parsed.blocks:
        for struct in block.structs:
            if isinstance(struct.parent, str):
                told.setdefault(struct.parent, set()).update(_kinds_told(update, struct))
    if not all(told.values()):
        _ask_the_others(update, parsed, told)
    return {name: _concluded(name, kinds) for name, kinds in told.items() if kinds}


def _concluded(name: str, kinds: set[RootKind]) -> RootKind:
    if name == EDITOR_ROOT and "xml" in kinds:
        return "xml"  # an item of another kind must not hide the document
    return next(kind for kind in PRECEDENCE if kind in kinds)


def _kinds_told(data: bytes, struct: Struct) -> tuple[RootKind, ...]:
    if struct.kind == Kind.DELETED:
        return ()
    if struct.info & HAS_KEY:
        return ("map",)
    if struct.kind in TEXT_KINDS:
        return ("text",)
    if struct.kind == Kind.TYPE and Cursor(data, struct.content).var_uint() in XML_TYPES:
        return ("xml",)
    return ("array",)


def _ask_the_others(update: bytes, parsed: Parsed, told: dict[str, set[RootKind]]) -> None:
    """Where all items that name a root are deleted, its kind is told by those that only name a neighbour."""
    neighbours = Neighbours(parsed)
    for block in parsed.blocks:
        for struct in block.structs:
            kinds = () if struct.kind in (Kind.GC, Kind.SKIP) else _kinds_told(update, struct)
            parent = neighbours.parent_of((block.client, struct.clock)) if kinds else None
            if isinstance(parent, str):
                told[parent].update(kinds)
