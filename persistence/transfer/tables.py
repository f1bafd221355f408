"""Rows of a table, read and written in batches that fit into memory whatever the rows hold."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Text,
    bindparam,
    cast,
    column,
    func,
    insert,
    select,
    table,
    tuple_,
)
from sqlalchemy.exc import DBAPIError

from persistence.dialect import json_text
from persistence.errors import Unstorable
from persistence.transfer.errors import TransferRefused
from persistence.transfer.holding import Hold
from persistence.transfer.rows import Row, encoded
from persistence.transfer.shapes import LOG, UNSORTED, Shape

__all__ = ["Batch", "batches", "count", "write"]

FIRST, MOST = 1, 2_000
BATCH_BYTES = 4 << 20
"""A batch is about so large: it is read by the number of rows that came to this before."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows and, in the same order, the lines that say what is in them."""

    rows: Sequence[Row]
    lines: Sequence[bytes]


async def count(hold: Hold, shape: Shape) -> int:
    """How many rows there are to be read."""
    total = 0
    for name, _ in _sources(shape):
        query = select(func.count()).select_from(table(name))
        if name == UNSORTED:
            if not await hold.run(_has_unsorted):
                continue
            query = query.where(_of_documents())
        total += await hold.run(lambda connection, query=query: connection.execute(query).scalar_one())  # type: ignore[misc]
    return total


async def batches(hold: Hold, shape: Shape) -> AsyncIterator[Batch]:
    """All rows, each once."""
    for name, key in _sources(shape):
        if name == UNSORTED and not await hold.run(_has_unsorted):
            continue
        async for batch in _keyed(hold, shape, name, key):
            yield batch


async def _keyed(hold: Hold, shape: Shape, name: str, key: tuple[str, ...]) -> AsyncIterator[Batch]:
    """From one key to the next: no cursor of the store is held open, and none reads ahead."""
    limit, last = FIRST, None
    while True:
        query = _query(shape, name, key, last).limit(limit)
        found = await hold.run(lambda connection, query=query: connection.execute(query).all())  # type: ignore[misc]
        if not found:
            return
        width = len(shape.columns)
        rows = [tuple(row)[:width] for row in found]
        lines = [encoded(shape, row) for row in rows]
        yield Batch(rows, lines)
        if len(found) < limit:
            return
        last = tuple(found[-1])[width:]
        size = max(sum(map(len, lines)), 1)
        limit = max(1, min(MOST, limit * 4, limit * BATCH_BYTES // size))


def _query(shape: Shape, name: str, key: tuple[str, ...], last: Row | None) -> Select[Any]:
    """The values of the row, and those of its key behind them."""
    source = table(name, *(column(each, shape.type_of(each)) for each, _ in shape.columns))
    values = [
        cast(source.c[each], Text).label(each) if kind == "json" else source.c[each] for each, kind in shape.columns
    ]
    keys: list[ColumnElement[Any]] = [
        column(each, shape.type_of(each)) if each in source.c else column(each) for each in key
    ]
    query = select(*values, *(each.label(f"key_{at}") for at, each in enumerate(keys))).select_from(source)
    if name == UNSORTED:
        query = query.where(_of_documents())
    if last is not None:
        bound = [bindparam(None, value, type_=each.type) for value, each in zip(last, keys, strict=True)]
        query = query.where(tuple_(*keys) > tuple_(*bound))
    return query.order_by(*keys)


def _sources(shape: Shape) -> list[tuple[str, tuple[str, ...]]]:
    """The tables that hold the rows, with the key to read each by. Rows of SQLite's log may not be sorted yet."""
    own = (shape.name, shape.key)
    return [own, (UNSORTED, ("id",))] if shape.name == LOG else [own]


def _of_documents() -> ColumnElement[bool]:
    """What was deleted for good stays away, as when the rows are sorted."""
    return column("document_id").in_(select(column("id")).select_from(table("documents")))


def _has_unsorted(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"


async def write(hold: Hold, shape: Shape, rows: Sequence[Row]) -> None:
    """Raises TransferRefused for a value that this store cannot hold."""
    target = table(shape.name, *(column(name, shape.type_of(name)) for name, _ in shape.columns))
    statement = insert(target).values({name: _bound(f"v_{name}", shape, name, kind) for name, kind in shape.columns})
    names = [f"v_{name}" for name, _ in shape.columns]
    given = [dict(zip(names, row, strict=True)) for row in rows]
    try:
        await hold.run(lambda connection: connection.execute(statement, given))
    except (Unstorable, DBAPIError) as error:
        raise TransferRefused(f"a row of {shape.name} cannot be held by this store: {_why(error)}") from error


def _bound(bound: str, shape: Shape, name: str, kind: str) -> ColumnElement[Any]:
    parameter = bindparam(bound, type_=shape.type_of(name))
    return json_text(parameter) if kind == "json" else parameter


def _why(error: Exception) -> str:
    """Without the values of the row: they may be secret."""
    return str(getattr(error, "orig", None) or error).splitlines()[0][:200]
