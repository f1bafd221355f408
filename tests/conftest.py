"""How examples are drawn, and a store for every test that needs one: a fresh SQLite file or PostgreSQL database."""

import gc
import os
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from persistence.database import Database
from persistence.dialect import driver_url
from server.identity import passwords
from tests.e2e.support.postgres import postgres_url
from tests.e2e.support.valkey import Valkey
from tests.stores import migrate, migrated_sqlite, run

# A machine that is busy is no defect: examples have no time limit. CI runs the same ones each time; elsewhere, and in
# `make fuzz`, they are new ones.
settings.register_profile("house", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("house")


def pytest_collection_finish() -> None:
    """What stands when the tests begin stands until their end: it is not looked through for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 25, 100)


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """Hundreds of tests sign somebody in; what a hash really costs is the rule of one file only."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "MEMORY_KIB", 8)
        patch.setattr(passwords, "PASSES", 1)
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL server that runs for the session. Nobody pulls its plug, so it waits for no disk."""
    with postgres_url() as url:
        run(_administer(url, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()"))
        yield url


@pytest.fixture(scope="session")
def valkey() -> Iterator[Valkey]:
    """A Valkey that runs for the session. Its topics know no databases: each test takes a prefix of its own."""
    with Valkey() as server:
        yield server


@pytest.fixture(scope="session")
def migrated_database(postgres: str) -> str:
    """The name of a database on it that has all tables and that nobody is connected to."""
    run(_administer(postgres, "CREATE DATABASE migrated"))
    run(migrate(_at(postgres, "migrated")))
    return "migrated"


@pytest.fixture
async def postgres_database_url(request: pytest.FixtureRequest, postgres: str) -> AsyncIterator[str]:
    """The URL of a database on it: empty, or with all tables for who takes `database`."""
    template = request.getfixturevalue("migrated_database") if _takes_tables(request) else "template1"
    name = f"test_{uuid.uuid4().hex}"
    await _administer(postgres, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield _at(postgres, name)
    await _administer(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sqlite_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an SQLite file: none yet, or with all tables for who takes `database`."""
    path = tmp_path / "counterpoint.db"
    if _takes_tables(request):
        path.write_bytes(migrated_sqlite())
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest) -> str:
    """The URL of a store, empty unless the test takes `database`: every test that takes it runs once on each kind."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_database_url")
    return url


@pytest.fixture
async def database(store_url: str) -> AsyncIterator[Database]:
    """A migrated store of each kind."""
    database = await Database.open(store_url, busy_seconds=0.2)
    await database.migrate()
    yield database
    await database.close()


def _takes_tables(request: pytest.FixtureRequest) -> bool:
    return "database" in request.fixturenames


def _at(postgres: str, name: str) -> str:
    return make_url(postgres).set(database=name).render_as_string(hide_password=False)


async def _administer(postgres: str, *statements: str) -> None:
    engine = create_async_engine(driver_url(postgres), isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        for statement in statements:
            await connection.execute(text(statement))
    await engine.dispose()
