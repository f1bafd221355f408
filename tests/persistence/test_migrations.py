"""The migrations make the tables that the program knows, on every kind of store."""

import asyncio

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from persistence.database import Database
from persistence.migrations import NEWEST
from persistence.tables import metadata


def test_the_newest_revision_is_the_one_that_a_restart_looks_for() -> None:
    config = Config()
    config.set_main_option("script_location", "persistence:migrations")
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_heads() == [NEWEST]


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
