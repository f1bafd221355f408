"""Places in a document: a type, by its path from a root on, and an index in it. For workers only."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeAlias

from pycrdt import Array, Doc, Map, Text, XmlElement, XmlFragment, XmlText

from crdt.errors import InvalidContent
from crdt.roots import RootKind

__all__ = [
    "ROOT_MAKERS",
    "TEXTS",
    "Place",
    "Unit",
    "bytes_of",
    "is_second_half",
    "is_type",
    "type_at",
    "units_of",
]

Unit: TypeAlias = "str | Any"
TEXTS = (Text, XmlText)
ROOT_MAKERS: Mapping[RootKind, Any] = MappingProxyType({"text": Text, "array": Array, "map": Map, "xml": XmlFragment})


@dataclass(frozen=True, slots=True)
class Place:
    """An index in a type: in UTF-16 units of a text, embeds count one; in children of XML, in values of an array.

    path: from the root on, the index of a child or value, or the key of a map.
    """

    root: str
    index: int
    path: tuple[int | str, ...] = ()
    assoc: int = 0


def type_at(doc: "Doc[Any]", place: Place, where: str, kinds: dict[str, RootKind]) -> Any:
    """The type in which the place's index counts. Raises InvalidContent; its path begins with `where`."""
    kind = kinds.get(place.root)
    if kind is None:
        raise InvalidContent(f"{where}.root", "is no root of this document, or is empty")
    found = doc.get(place.root, type=ROOT_MAKERS[kind])
    for number, step in enumerate(place.path):
        try:
            found = found.children[int(step)] if isinstance(found, XmlFragment | XmlElement) else found[step]
        except (IndexError, KeyError, TypeError, ValueError, AttributeError):
            raise InvalidContent(f"{where}.path[{number}]", "leads nowhere") from None
    if not isinstance(found, Text | Array | XmlText | XmlElement | XmlFragment):
        raise InvalidContent(f"{where}.path", "must lead to a text, an array or XML")
    return found


def units_of(container: Any) -> list[Unit]:
    """What an index counts. A character beyond 16 bits is two units: itself, and an empty string."""
    if isinstance(container, TEXTS):
        return [
            unit
            for piece, _ in container.diff()
            for unit in (_code_units(piece) if isinstance(piece, str) else [piece])
        ]
    if isinstance(container, Array):
        return list(container)
    return list(container.children)


def is_second_half(units: Sequence[Unit], at: int) -> bool:
    return isinstance(units[at], str) and units[at] == ""


def bytes_of(unit: Unit) -> int:
    """How pycrdt counts it: UTF-8 bytes of a text, 1 of an embed."""
    return len(unit.encode()) if isinstance(unit, str) else 1


def is_type(value: Any) -> bool:
    """Is it a shared type, and no plain value?"""
    return isinstance(value, Text | Array | Map | XmlText | XmlElement | XmlFragment)


def _code_units(text: str) -> Iterator[str]:
    for character in text:
        yield character
        if character > "\uffff":
            yield ""
