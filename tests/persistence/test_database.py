"""Reads and writes as closures: all or nothing, told after the commit, and never half a job of somebody else."""

import asyncio
import threading
from collections.abc import Callable

import pytest
from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import IntegrityError

from persistence.database import Database
from persistence.tables.identity import setup_links
from tests.persistence.conftest import NOW


def add(name: str) -> Callable[[Connection], str]:
    def work(connection: Connection) -> str:
        connection.execute(insert(setup_links).values(token_hash=name, created_at=NOW, expires_at=NOW))
        return name

    return work


def names(connection: Connection) -> list[str]:
    return sorted(row.token_hash for row in connection.execute(select(setup_links)))


async def test_a_write_is_there_once_it_has_returned(database: Database) -> None:
    assert await database.write(add("a")) == "a"
    assert await database.read(names) == ["a"]


async def test_a_job_that_fails_is_undone_alone(database: Database) -> None:
    def fails(connection: Connection) -> None:
        add("half")(connection)
        raise RuntimeError("no")

    results = await asyncio.gather(
        database.write(add("a")), database.write(fails), database.write(add("b")), return_exceptions=True
    )
    assert isinstance(results[1], RuntimeError)
    assert await database.read(names) == ["a", "b"]


async def test_an_integrity_error_is_the_callers_and_not_the_stores(database: Database) -> None:
    await database.write(add("a"))
    with pytest.raises(IntegrityError):
        await database.write(add("a"))


async def test_a_read_never_changes_anything(database: Database) -> None:
    await database.read(add("a"))
    assert await database.read(names) == []


async def test_a_moment_comes_back_with_its_zone(database: Database) -> None:
    await database.write(add("a"))
    assert await database.read(lambda connection: connection.execute(select(setup_links.c.created_at)).scalar()) == NOW


async def test_many_writes_at_once_are_all_there(database: Database) -> None:
    await asyncio.gather(*(database.write(add(f"{number:03}")) for number in range(100)))
    count = await database.read(lambda c: c.execute(select(func.count()).select_from(setup_links)).scalar())
    assert count == 100


async def test_sqlite_writes_run_on_one_thread_that_is_not_the_loops(tmp_path_factory: pytest.TempPathFactory) -> None:
    database = await Database.open(f"sqlite:///{tmp_path_factory.mktemp('db') / 'a.db'}")
    threads = await asyncio.gather(*(database.write(lambda _: threading.get_ident()) for _ in range(5)))
    await database.close()
    assert len(set(threads)) == 1
    assert threads[0] != threading.get_ident()


async def test_sqlite_commits_are_durable(tmp_path_factory: pytest.TempPathFactory) -> None:
    database = await Database.open(f"sqlite:///{tmp_path_factory.mktemp('db') / 'a.db'}")

    def pragmas(connection: Connection) -> tuple[object, object]:
        return tuple(connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous"))  # type: ignore[return-value]

    assert await database.write(pragmas) == ("wal", 2)
    await database.close()
