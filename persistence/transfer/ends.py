"""The two ends of a transfer: a store of this version, and one without a row."""

from collections.abc import Callable
from typing import TypeAlias

from sqlalchemy import Connection, inspect, literal, select, table

from persistence.migrations import NEWEST, make, revision_of
from persistence.tables import metadata
from persistence.tables.access import access_changes
from persistence.tables.nodes import leases, nodes
from persistence.transfer.errors import TransferRefused
from persistence.transfer.holding import Hold
from persistence.transfer.rows import Tally
from persistence.transfer.shapes import Shape
from persistence.transfer.tables import batches

__all__ = ["Moved", "check_source", "checked", "prepare_target"]

Moved: TypeAlias = Callable[[str, str, int], None]
"""Called with "copy" or "check", the name of a table and how many more rows of it were dealt with."""


async def check_source(hold: Hold) -> None:
    """Raises TransferRefused unless it is a store of this version."""
    found = await hold.run(revision_of)
    if found is None:
        raise TransferRefused("there is no store yet: it has no tables")
    if found < NEWEST:
        raise TransferRefused(
            f"the store's tables are at {found}, this version needs {NEWEST}: start the server once, it changes them"
        )
    if found > NEWEST:
        raise TransferRefused(f"the store's tables are at {found}, those of a later version than this one ({NEWEST})")


async def prepare_target(hold: Hold, revision: str = NEWEST) -> None:
    """Make the tables of this revision. Raises TransferRefused unless the store is empty."""

    def work(connection: Connection) -> None:
        found = revision_of(connection)
        names = set(inspect(connection).get_table_names()) & set(metadata.tables)
        for name in sorted(names - {nodes.name, leases.name, access_changes.name}):
            if connection.execute(select(literal(1)).select_from(table(name)).limit(1)).first() is not None:
                raise TransferRefused(f"the target is not empty: there are rows in {name}. Name an empty store")
        if found is None and names:
            raise TransferRefused(f"the target has tables of other programs with our names: {', '.join(sorted(names))}")
        if found is None:
            make(connection, revision)
        elif found != revision:
            raise TransferRefused(f"the target's tables are at {found}, the rows' at {revision}. Name an empty store")

    await hold.run(work)


async def checked(hold: Hold, shape: Shape, expected: Tally, moved: Moved) -> None:
    """Read what was written. Raises TransferRefused when it is not what was read before."""
    tally = Tally()
    async for batch in batches(hold, shape):
        tally.add(batch.lines)
        moved("check", shape.name, len(batch.rows))
    if tally != expected:
        raise TransferRefused(
            f"{shape.name} differs: {expected.rows} rows ({expected.digest[:16]}) were read, "
            f"and {tally.rows} ({tally.digest[:16]}) are in the target. Nothing was kept there"
        )
