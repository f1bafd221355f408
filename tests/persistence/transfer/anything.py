"""Rows for every table there is, with values that stores like to change."""

from datetime import UTC, datetime, timedelta, timezone
from random import Random
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Column, Connection, Float, Integer, LargeBinary, String, insert

from persistence.database import Database
from persistence.tables import metadata
from persistence.tables.access import access_changes
from persistence.tables.base import UtcTime
from persistence.tables.documents import fresh_rows

TEXTS = ("", " ", "é😀漢", "'\"\\;--", "null", "123", "\n\t\x01\x7f", "À la carte", "z", "Z", "_", "\u2028", "ﷺ" * 3)
JSONS: tuple[Any, ...] = ({}, [], {"z": 1, "a": [None, True, 1.5, "é"]}, "text", 0, {"": {"deep": [[]]}})
BYTES = (b"", b"\0", b"\xff\0\xfe", bytes(range(256)), b"x" * 5_000)


async def fill(database: Database, seed: int, rows: int = 6) -> None:
    """The same seed gives the same rows."""
    await database.write(lambda connection: _fill(connection, Random(seed), rows))


def _fill(connection: Connection, random: Random, rows: int) -> None:
    values: dict[Column[Any], list[Any]] = {}
    others = [table for table in metadata.sorted_tables if table not in {fresh_rows, access_changes}]
    for table in [*others, fresh_rows] if connection.dialect.name == "sqlite" else others:
        made = []
        for number in range(random.randrange(1, rows + 1)):
            empty = random.random() < 0.4  # all that may be empty, or nothing: some of it belongs together
            made.append({c.name: _value(c, number, random, values, empty=empty) for c in table.columns})
        keys = [tuple(row[c.name] for c in table.primary_key.columns) for row in made]
        made = [row for at, row in enumerate(made) if keys.index(keys[at]) == at]
        for row in made:
            connection.execute(insert(table).values({c: v for c, v in row.items() if v is not None}))
        for c in table.columns:
            values[c] = [row[c.name] for row in made]


def _value(c: Column[Any], number: int, random: Random, known: dict[Column[Any], list[Any]], *, empty: bool) -> Any:
    if c.nullable and empty:
        return None
    if c.foreign_keys:
        return random.choice(known[next(iter(c.foreign_keys)).column])
    if c.table is fresh_rows and c.name == "document_id":
        return random.choice([*known[metadata.tables["documents"].c.id], "deleted for good"])
    match c.type:
        case UtcTime():
            zone = timezone(timedelta(hours=random.randrange(-11, 12)))
            return datetime(2026, 1, 1, tzinfo=UTC).astimezone(zone) + timedelta(microseconds=random.randrange(1 << 45))
        case JSON():
            return random.choice(JSONS)
        case Boolean():
            return random.random() < 0.5
        case BigInteger():
            return random.choice((1 << 53, (1 << 63) - 1000, 0)) + number + 500 * (c.table is fresh_rows)
        case Integer():
            return (1 << 31) - 1 - number
        case Float():
            return random.choice((0.1, 1e-9, 12345.678, 1e300))
        case LargeBinary():
            return random.choice(BYTES)
        case String(length=length):
            unique = f"{number}{random.getrandbits(64):x}"
            return unique[: length or 64] if (length or 64) < 40 else unique + random.choice(TEXTS)
    raise AssertionError(c)
