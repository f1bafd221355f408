"""The migrations make the tables that the program knows, on every kind of store."""

import asyncio

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from persistence.database import Database
from persistence.tables import metadata


def differences(connection: Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(connection), metadata))


async def test_migrated_tables_are_the_tables_of_the_program(database: Database) -> None:
    assert await database.read(differences) == []


async def test_nodes_that_start_together_migrate_once(store_url: str) -> None:
    nodes = [await Database.open(store_url) for _ in range(3)]
    await asyncio.gather(*(node.migrate() for node in nodes))
    assert await nodes[0].read(differences) == []
    for node in nodes:
        await node.close()
