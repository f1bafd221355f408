"""Anchors: from a place in a document to Yjs's relative position, and back to where it is now (decision 17).

No StickyIndex is used: it has no XmlText, and is wrong or panics with anything but ASCII. To make a position, the
character is deleted in a scratch Doc: the delete set that comes out names it. To find one again, a marker is put
behind the named item, into the bytes, and looked for in the Doc that opens them. For workers only.
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pycrdt import Array, Doc, Map, Text, XmlElement, XmlText

from crdt.codec import Cursor, var_string, var_uint
from crdt.document import open_document
from crdt.errors import InvalidContent
from crdt.neighbours import Neighbours
from crdt.places import ROOT_MAKERS, TEXTS, Place, Unit, bytes_of, is_second_half, is_type, type_at, units_of
from crdt.relative_positions import RelativePosition
from crdt.roots import RootKind, root_kinds
from crdt.updates import DeleteRanges, merge
from crdt.updates.contents import Kind
from crdt.updates.structs import HAS_ORIGIN, Id, Parsed, parse, write_update

__all__ = ["Place", "Whereabouts", "positions_at", "whereabouts"]

ARRAY, TEXT, XML_ELEMENT, XML_FRAGMENT, XML_TEXT = 0, 2, 3, 4, 6
ROOT_TYPES: dict[RootKind, int] = {"array": ARRAY, "text": TEXT, "xml": XML_FRAGMENT}


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a relative position is now.

    index: as in `Place`; None: it is gone with the type in which it stood, or nobody knows the item.
    is_deleted: what it stuck to was deleted; the index is where that was.
    root, path: the type in which the index counts, as in `Place`; None with the index.
    """

    index: int | None
    is_deleted: bool
    root: str | None = field(default=None, compare=False)
    path: tuple[int | str, ...] = field(default=(), compare=False)


GONE = Whereabouts(None, is_deleted=True)


def positions_at(update: bytes, places: Sequence[Place]) -> list[RelativePosition]:
    """Yjs's createRelativePositionFromTypeIndex of each place. Raises InvalidContent, with the place's number."""
    kinds = root_kinds(update)
    return [_position_at(update, place, f"places[{at}]", kinds) for at, place in enumerate(places)]


def whereabouts(update: bytes, positions: Sequence[RelativePosition]) -> list[Whereabouts]:
    """Where each position is now, as Yjs's createAbsolutePositionFromRelativePosition says it.

    All of them are found in one reading of the document. What Yjs finds within a deleted type is gone here.
    """
    parsed = parse(update)
    markers = _Markers(update, parsed)
    structs = [markers.struct_for(number, position) for number, position in enumerate(positions)]
    written = [struct for struct in structs if struct is not None]
    marked = merge([update, write_update([(markers.client, 0, written)], b"\0")]) if written else update
    found = dict(_found(open_document(marked), root_kinds(update), markers.name))
    return [_whereabouts(position, markers, found.get(number)) for number, position in enumerate(positions)]


# Making.


def _position_at(update: bytes, place: Place, where: str, kinds: dict[str, RootKind]) -> RelativePosition:
    if place.root not in kinds and not place.path and place.index == 0:
        return RelativePosition(root=place.root, assoc=place.assoc)  # an empty root may become a type of any kind
    doc = open_document(update)
    container = type_at(doc, place, where, kinds)
    units = units_of(container)
    if not 0 <= place.index <= len(units):
        raise InvalidContent(f"{where}.index", f"must be from 0 to {len(units)}")
    known = parse(update)
    state, before = doc.get_state(), parse(doc.get_update()).deletes
    at = place.index - (place.assoc < 0)
    if 0 <= at < len(units):
        _delete(container, units, at)
        item, parent = _outermost(before.missing(parse(doc.get_update(state)).deletes), Neighbours(known))
        item = (item[0], item[1] + is_second_half(units, at))
    else:  # the end of the type: whatever is put into it says its name
        _insert(container)
        put = parse(doc.get_update(state)).blocks[0].structs[0]
        beside = put.origin or put.right_origin
        item, parent = None, put.parent if beside is None else Neighbours(known).parent_of(beside)
    root, type_ = (parent, None) if isinstance(parent, str) else (None, parent)
    return RelativePosition(item, root, type_, place.assoc)


def _outermost(deleted: DeleteRanges, known: Neighbours) -> tuple[Id, Id | str | None]:
    """Of what was deleted, the first that stands in a type which was not, and that type: a child takes all with it."""
    ranges = dict(deleted)
    for client, each in ranges.items():
        for item in ((client, clock) for start, end in each for clock in range(start, end)):
            parent = known.parent_of(item)
            if isinstance(parent, str) or parent is None or not _holds(ranges, parent):
                return item, parent
    raise AssertionError("something was deleted")


def _holds(ranges: Mapping[int, list[tuple[int, int]]], item: Id) -> bool:
    return any(start <= item[1] < end for start, end in ranges.get(item[0], []))


def _delete(container: Any, units: list[Unit], at: int) -> None:
    if isinstance(container, TEXTS):
        first = at - is_second_half(units, at)
        start = sum(bytes_of(unit) for unit in units[:first])
        del container[start : start + bytes_of(units[first])]
    elif isinstance(container, Array):
        del container[at]
    else:
        del container.children[at]


def _insert(container: Any) -> None:
    match container:
        case Text() | XmlText():
            container.insert(0, "x")
        case Array():
            container.insert(0, 0)
        case _:
            container.children.insert(0, XmlElement("x"))


# Reading.


@dataclass(frozen=True, slots=True)
class _Found:
    """A marker: its index among the units that are no markers, how many of these there are, and in which type."""

    index: int
    count: int
    root: str
    path: tuple[int | str, ...]


def _found(doc: "Doc[Any]", kinds: dict[str, RootKind], name: str) -> Iterator[tuple[int, _Found]]:
    """Each marker by its number."""
    waiting: list[tuple[Any, str, tuple[int | str, ...]]] = [
        (doc.get(root, type=ROOT_MAKERS[kind]), root, ()) for root, kind in kinds.items()
    ]
    while waiting:
        container, root, path = waiting.pop()
        if isinstance(container, Map):
            waiting += [(value, root, (*path, key)) for key, value in container.items() if is_type(value)]
            continue
        marks, count = [], 0
        for unit in units_of(container):
            number = _marked(unit, name)
            if number is not None:
                marks.append((number, count))
                continue
            if is_type(unit):
                waiting.append((unit, root, (*path, count)))
            count += 1
        yield from ((number, _Found(index, count, root, path)) for number, index in marks)


def _marked(unit: Unit, name: str) -> int | None:
    if isinstance(unit, dict) and name in unit:
        return int(unit[name])
    said = unit.tag if isinstance(unit, XmlElement) else unit
    if isinstance(said, str) and len(said) > len(name) and said.startswith(name):
        return int(said[len(name) :])
    return None


class _Markers:
    """Makes markers. Their client id is lower than any other, so that each stands right behind what it names."""

    def __init__(self, update: bytes, parsed: Parsed) -> None:
        self.client = 0
        self.name = f"marker-{os.urandom(8).hex()}-"
        self._update = update
        self._deletes = dict(parsed.deletes)
        self._known = Neighbours(parsed)
        self._kinds = root_kinds(update)
        self._skipped = {block.client for block in parsed.blocks} & {self.client}

    def struct_for(self, number: int, position: RelativePosition) -> bytes | None:
        """A marker behind the item, or in the type; None when there is no such place."""
        parent = self._known.parent_of(position.item) if position.item is not None else position.root or position.type
        content = self._content(number, parent)
        if content is None or self._skipped:
            return None
        kind, said = content
        if position.item is not None:
            return bytes((kind | HAS_ORIGIN,)) + var_uint(position.item[0]) + var_uint(position.item[1]) + said
        if isinstance(parent, str):
            return bytes((kind,)) + var_uint(1) + var_string(parent) + said
        client, clock = parent or (0, 0)
        return bytes((kind,)) + var_uint(0) + var_uint(client) + var_uint(clock) + said

    def knows(self, root: str) -> bool:
        """Does it hold anything?"""
        return root in self._kinds

    def is_visible(self, item: Id) -> bool:
        """Is it there, and counted?"""
        struct = self._known.struct_at(item)
        if struct is None or struct.kind in (Kind.GC, Kind.SKIP, Kind.DELETED, Kind.FORMAT):
            return False
        return not _holds(self._deletes, item)

    def _content(self, number: int, parent: Id | str | None) -> tuple[int, bytes] | None:
        match self._type_of(parent):
            case 2 | 6:
                return Kind.EMBED, var_string(json.dumps({self.name: number}))
            case 3 | 4:
                return Kind.TYPE, var_uint(XML_ELEMENT) + var_string(f"{self.name}{number}")
            case 0:
                return Kind.ANY, var_uint(1) + b"\x77" + var_string(f"{self.name}{number}")
            case _:
                return None

    def _type_of(self, parent: Id | str | None) -> int | None:
        if isinstance(parent, str):
            kind = self._kinds.get(parent)
            return ROOT_TYPES.get(kind) if kind is not None else None
        struct = self._known.struct_at(parent) if parent is not None else None
        if struct is None or struct.kind != Kind.TYPE:
            return None
        return Cursor(self._update, struct.content).var_uint()


def _whereabouts(position: RelativePosition, markers: _Markers, found: _Found | None) -> Whereabouts:
    if found is None:
        is_empty = position.item is None and position.root is not None and not markers.knows(position.root)
        return Whereabouts(0, is_deleted=False, root=position.root) if is_empty else GONE
    if position.item is None:
        index, visible = found.count if position.assoc >= 0 else 0, True
    else:
        visible = markers.is_visible(position.item)
        # The marker stands behind the item: what sticks to what follows it is before it, as long as that is there.
        index = found.index - (visible and position.assoc >= 0)
    return Whereabouts(index, is_deleted=not visible, root=found.root, path=found.path)
