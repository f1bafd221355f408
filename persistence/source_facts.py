"""What slow checks have read of a source: the newest answer of each, which advice rests on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert

from persistence.tables.sources import source_facts

__all__ = ["FactRow", "keep_facts"]


@dataclass(frozen=True, slots=True)
class FactRow:
    """`reason`: why it could not be read; `rows` is empty then."""

    name: str
    query: str
    rows: Sequence[Mapping[str, Any]]
    read_at: datetime
    reason: str | None


def keep_facts(connection: Connection, source: int, facts: Sequence[FactRow]) -> None:
    """In place of those of the same names."""
    columns = source_facts.c
    for fact in facts:
        connection.execute(delete(source_facts).where(columns.source_id == source, columns.name == fact.name))
        values = {name: getattr(fact, name) for name in FactRow.__dataclass_fields__}
        rows = [dict(each) for each in fact.rows]
        connection.execute(insert(source_facts).values({**values, "rows": rows, "source_id": source}))
