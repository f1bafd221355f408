"""What the tables look like to whoever carries their rows: names, kinds of values and keys, also of older versions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

from sqlalchemy import JSON, BigInteger, Boolean, Column, Float, Integer, LargeBinary, String, Table, Text
from sqlalchemy.types import TypeEngine

from persistence.tables import metadata
from persistence.tables.access import access_changes
from persistence.tables.base import UtcTime
from persistence.tables.documents import document_rows, fresh_rows
from persistence.tables.nodes import leases, nodes
from persistence.transfer.errors import TransferRefused

__all__ = ["LOG", "UNSORTED", "Shape", "ValueKind", "shape_of", "shapes", "shapes_from"]

ValueKind: TypeAlias = Literal["text", "integer", "boolean", "number", "bytes", "time", "json"]

STAY = frozenset({nodes.name, leases.name, access_changes.name, fresh_rows.name})
"""Servers that run now, and what they do, are of one store only. Fresh rows are carried as what they become."""
LOG, UNSORTED = document_rows.name, fresh_rows.name

_KINDS: tuple[tuple[type[TypeEngine[Any]], ValueKind], ...] = (
    (UtcTime, "time"),
    (JSON, "json"),
    (Boolean, "boolean"),
    (Integer, "integer"),
    (Float, "number"),
    (LargeBinary, "bytes"),
    (String, "text"),
)
_TYPES: Mapping[ValueKind, TypeEngine[Any]] = {
    "time": UtcTime(),
    "json": Text(),
    "boolean": Boolean(),
    "integer": BigInteger(),
    "number": Float(),
    "bytes": LargeBinary(),
    "text": Text(),
}


@dataclass(frozen=True, slots=True)
class Shape:
    """A table: its columns in order, what each of them holds, and the columns of its primary key."""

    name: str
    columns: tuple[tuple[str, ValueKind], ...]
    key: tuple[str, ...]

    @property
    def kinds(self) -> tuple[ValueKind, ...]:
        return tuple(kind for _, kind in self.columns)

    def type_of(self, column: str) -> TypeEngine[Any]:
        return _TYPES[dict(self.columns)[column]]

    def as_json(self) -> dict[str, Any]:
        return {"name": self.name, "columns": [list(each) for each in self.columns], "key": list(self.key)}


def shapes() -> list[Shape]:
    """The tables of this version that are carried, each behind those that it refers to."""
    return [shape_of(table) for table in metadata.sorted_tables if table.name not in STAY]


def shapes_from(given: Any) -> list[Shape]:
    """What `as_json` has made, of this version or an older one. Raises TransferRefused."""
    try:
        found = [_shape(each) for each in given]
    except (KeyError, TypeError, ValueError) as error:
        raise TransferRefused("the file does not say what its tables look like") from error
    if any(not name.isidentifier() for each in found for name in (each.name, *dict(each.columns), *each.key)):
        raise TransferRefused("the file names a table or a column that no version has")
    return found


def _shape(given: Mapping[str, Any]) -> Shape:
    columns: Sequence[tuple[str, ValueKind]] = [(name, kind) for name, kind in given["columns"]]
    if any(kind not in get_args(ValueKind) for _, kind in columns) or not set(given["key"]) <= set(dict(columns)):
        raise ValueError("an unknown kind of value, or a key of other columns")
    return Shape(given["name"], tuple(columns), tuple(given["key"]))


def shape_of(table: Table) -> Shape:
    columns = tuple((column.name, _kind(column)) for column in table.columns)
    return Shape(table.name, columns, tuple(column.name for column in table.primary_key.columns))


def _kind(column: Column[Any]) -> ValueKind:
    return next(kind for type_, kind in _KINDS if isinstance(column.type, type_))
