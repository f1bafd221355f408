"""The migrations make the tables that the program knows, on every kind of store."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, select, text
from sqlalchemy.exc import DBAPIError

from persistence.database import Database
from persistence.migrations import NEWEST
from persistence.tables import metadata
from persistence.tables.documents import document_writers


def alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", "persistence:migrations")
    config.set_main_option("path_separator", "os")
    return config


def test_the_newest_revision_is_the_one_that_a_restart_looks_for() -> None:
    assert ScriptDirectory.from_config(alembic_config()).get_heads() == [NEWEST]


def differences(connection: Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(connection), metadata))


def upgraded_to(revision: str, connection: Connection) -> None:
    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def said(about: Mapping[str, Any]) -> str:
    """As text; what is an object of SQLAlchemy (a type, a condition) has one too."""
    return str({key: said(value) if isinstance(value, dict) else str(value) for key, value in sorted(about.items())})


def shape(connection: Connection) -> dict[str, object]:
    """All that a store says about its tables, whatever the order in which it came to be."""
    asked = inspect(connection)
    questions = {
        "columns": asked.get_columns,
        "keys": asked.get_foreign_keys,
        "indexes": asked.get_indexes,
        "unique": asked.get_unique_constraints,
        "checks": asked.get_check_constraints,
    }
    answers: dict[str, object] = {}
    for table in asked.get_table_names():
        answers |= {f"{table}: {name}": sorted(map(said, ask(table))) for name, ask in questions.items()}
        answers[f"{table}: primary key"] = str(asked.get_pk_constraint(table))
    return answers | {"version": connection.execute(text("SELECT * FROM alembic_version")).all()}


async def test_tables_that_are_made_are_those_that_the_migrations_make(database: Database) -> None:
    def migrated_from_nothing(connection: Connection) -> None:
        metadata.drop_all(connection)
        connection.execute(text("DROP TABLE alembic_version"))
        upgraded_to("head", connection)

    made = await database.read(shape)
    assert len(made) > 100
    await database.write(migrated_from_nothing)
    assert await database.read(shape) == made
    assert await database.read(differences) == []


async def test_a_database_in_which_our_names_are_taken_is_left_as_it_is(store_url: str) -> None:
    database = await Database.open(store_url)
    await database.write(lambda connection: connection.execute(text("CREATE TABLE users (height INTEGER)")))
    with pytest.raises(DBAPIError, match="users"):
        await database.migrate()
    assert await database.read(lambda connection: inspect(connection).get_table_names()) == ["users"]
    await database.close()


async def test_nodes_that_start_together_migrate_once(store_url: str) -> None:
    nodes = [await Database.open(store_url) for _ in range(3)]
    await asyncio.gather(*(node.migrate() for node in nodes))
    assert await nodes[0].read(differences) == []
    for node in nodes:
        await node.close()


FIRST_VERSION = """
INSERT INTO organisations (id, slug, name, created_at) VALUES ('o', 'o', 'o', '2026-01-01');
INSERT INTO users (id, name, active, created_at) VALUES ('u', 'Ada', TRUE, '2026-01-01');
INSERT INTO workspaces (id, organisation_id, owner_id, name, type, description, settings, created_at, updated_at)
VALUES ('w', 'o', 'u', 'w', 'security', '', '{}', '2026-01-01', '2026-01-01');
INSERT INTO documents (id, organisation_id, workspace_id, title, type, author_id, created_at, updated_at)
VALUES ('d', 'o', 'w', 'Plan', 'report', 'u', '2026-01-01', '2026-01-01');
INSERT INTO document_clients (document_id, client_id, user_id, first_position)
VALUES ('d', 1, 'ada', 1), ('d', 2, 'ben', 2);
INSERT INTO document_rows (document_id, position, writer, data, node, batch, part, created_at)
VALUES ('d', 1, 'ada', '', 'n', 1, 0, '2026-01-01'), ('d', 2, 'cyd', '', 'n', 2, 0, '2026-01-01'),
       ('d', 3, NULL, '', 'n', 3, 0, '2026-01-01')
"""


async def test_0002_knows_who_has_written_before_it(store_url: str) -> None:
    def begin(connection: Connection) -> None:
        upgraded_to("0001", connection)
        for statement in FIRST_VERSION.split(";"):
            connection.execute(text(statement))

    database = await Database.open(store_url)
    await database.write(begin)
    await database.migrate()
    written = await database.read(lambda connection: connection.execute(select(document_writers)).all())
    await database.close()
    assert sorted(tuple(row) for row in written) == [("d", "ada"), ("d", "ben"), ("d", "cyd")]


async def test_a_store_of_a_later_version_is_left_as_it_is(database: Database) -> None:
    await database.write(lambda connection: connection.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    await database.migrate()
    assert await database.read(differences) == []
