"""Numbers for rows whose ids clients read as numbers: each once, and never again after a row is gone."""

from contextlib import suppress

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from persistence.tables.sources import counters

__all__ = ["next_number"]

C = counters.c


def next_number(connection: Connection, name: str) -> int:
    """The next one of this kind, from 1 on, in the transaction that writes its row. Whoever comes second waits."""
    counted = update(counters).where(C.name == name).values(value=C.value + 1)
    if connection.execute(counted).rowcount == 0:
        with suppress(IntegrityError), connection.begin_nested():  # another transaction may have made it
            connection.execute(insert(counters).values(name=name, value=0))
        connection.execute(counted)
    number: int = connection.execute(select(C.value).where(C.name == name)).scalar_one()
    return number
