"""How examples are drawn, and a store for every test that needs one: a fresh SQLite file or PostgreSQL database."""

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
from tests.e2e.support.postgres import postgres_url

# A machine that is busy is no defect: examples have no time limit. CI runs the same ones each time; elsewhere, and in
# `make fuzz`, they are new ones.
settings.register_profile("house", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("house")


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL server that runs for the session."""
    with postgres_url() as url:
        yield url


@pytest.fixture
async def postgres_database_url(postgres: str) -> AsyncIterator[str]:
    """The URL of an empty database on it."""
    name = f"test_{uuid.uuid4().hex}"
    engine = create_async_engine(driver_url(postgres), isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(postgres).set(database=name).render_as_string(hide_password=False)
    async with engine.connect() as connection:
        await connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    await engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty store: every test that takes it runs once on each kind."""
    if request.param == "postgresql":
        url: str = request.getfixturevalue("postgres_database_url")
        return url
    return f"sqlite:///{tmp_path / 'counterpoint.db'}"


@pytest.fixture
async def database(store_url: str) -> AsyncIterator[Database]:
    """A migrated store of each kind."""
    database = await Database.open(store_url, busy_seconds=0.2)
    await database.migrate()
    yield database
    await database.close()
