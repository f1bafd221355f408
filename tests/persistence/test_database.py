"""Reads and writes as closures: all or nothing, told after the commit, and never half a job of somebody else."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import Connection, bindparam, func, insert, select, text
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.exc import IntegrityError

from persistence import postgres
from persistence.database import Database
from persistence.errors import StoreUnavailable, Unstorable
from persistence.questions import Question
from persistence.tables.identity import setup_links
from tests.persistence.conftest import NOW

NAME = setup_links.c.token_hash
BACKEND = Question(select(func.pg_backend_pid()))


def backend_of(connection: Connection) -> int:
    return int(connection.execute(BACKEND.query).scalar_one())


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


async def test_a_value_that_the_store_cannot_hold_is_told_by_name(database: Database, store_url: str) -> None:
    def ask(connection: Connection) -> object:
        return connection.execute(
            select(setup_links.c.token_hash).where(setup_links.c.token_hash == "a\0b")
        ).one_or_none()

    if store_url.startswith("sqlite"):
        assert await database.read(ask) is None
    else:
        with pytest.raises(Unstorable):
            await database.read(ask)


async def test_a_question_is_answered_with_what_stands_there_now(database: Database) -> None:
    named = Question(select(NAME).where(bindparam("but") != NAME).order_by(NAME).limit(2))
    for name in "abcd":
        await database.write(add(name))
    assert await database.ask(named, but="b") == [("a",), ("c",)]
    assert await database.ask(named, but="a") == [("b",), ("c",)]


async def test_questions_go_on_after_one_that_failed_and_one_whose_connection_was_lost(
    postgres_database_url: str,
) -> None:
    database, other = [await Database.open(postgres_database_url) for _ in range(2)]
    with pytest.raises(asyncpg.PostgresError):
        await database.ask(Question(select(func.no_such_function())))
    backend = (await database.ask(BACKEND))[0][0]
    assert (await other.ask(Question(select(func.pg_terminate_backend(backend, 5000))))) == [(True,)]
    assert (await database.ask(BACKEND))[0][0] != backend
    for each in (database, other):
        await each.close()


async def test_a_read_never_changes_anything(database: Database) -> None:
    await database.read(add("a"))
    assert await database.read(names) == []


async def test_all_questions_of_a_read_see_one_picture(database: Database, store_url: str) -> None:
    async def write_elsewhere() -> None:
        other = await Database.open(store_url)
        await other.write(add("meanwhile"))
        await other.close()

    def work(connection: Connection) -> tuple[list[str], list[str]]:
        before = names(connection)
        thread = threading.Thread(target=lambda: asyncio.run(write_elsewhere()))
        thread.start()
        thread.join()
        return before, names(connection)

    assert await database.read(work) == ([], [])
    assert await database.read(names) == ["meanwhile"]


async def test_a_lost_connection_is_the_stores_fault_and_the_next_call_has_a_new_one(
    postgres_database_url: str,
) -> None:
    database = await Database.open(postgres_database_url, connections=1)
    with pytest.raises(StoreUnavailable):
        await database.write(lambda c: c.execute(text("SELECT pg_terminate_backend(pg_backend_pid())")))
    assert await database.ping() > 0
    await database.close()


async def test_a_connection_that_was_lost_while_nobody_used_it_is_replaced(postgres_database_url: str) -> None:
    database, other = [await Database.open(postgres_database_url, connections=1) for _ in range(2)]
    backend = await database.read(backend_of)
    assert await other.ask(Question(select(func.pg_terminate_backend(backend, 5000)))) == [(True,)]
    assert await database.read(backend_of) != backend
    for each in (database, other):
        await each.close()


async def test_a_connection_that_has_rested_for_long_is_tried_before_its_next_use(
    postgres_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = await Database.open(postgres_database_url, connections=1)
    first, again = [await database.read(backend_of) for _ in range(2)]
    assert first == again
    tried: list[Any] = []

    def do_ping(_: object, connection: Any) -> bool:
        tried.append(connection)
        if len(tried) == 1:
            raise OSError("the way is cut")
        return True

    monkeypatch.setattr(PGDialect_asyncpg, "do_ping", do_ping)
    monkeypatch.setattr(postgres, "RESTED_SECONDS", -1.0)
    assert await database.read(backend_of) != first
    assert tried
    await database.close()


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


async def test_a_full_disk_undoes_the_whole_commit_and_nobody_is_told_that_it_happened(tmp_path: Path) -> None:
    """SQLite ends the transaction by itself: jobs before the failing one are undone, those after it must not run."""
    database = await Database.open(f"sqlite:///{tmp_path / 'full.db'}")
    await database.write(lambda connection: connection.execute(text("CREATE TABLE t (id INTEGER, data BLOB)")))

    def run(statement: str, **values: int) -> Callable[[Connection], object]:
        return lambda connection: connection.execute(text(statement), values)

    async def put_all() -> list[object]:
        jobs = [run("INSERT INTO t VALUES (:id, randomblob(:size))", id=i, size=size) for i, size in enumerate(sizes)]
        return await asyncio.gather(*(database.write(job) for job in jobs), return_exceptions=True)

    sizes = [10, 100_000, 10, 400_000, 10, 10]
    await database.write(run("PRAGMA max_page_count = 60"))
    told = await put_all()
    assert [type(each) for each in told] == [StoreUnavailable] * len(sizes)
    assert len({id(each) for each in told}) == len(sizes)
    assert await database.read(lambda c: c.execute(text("SELECT count(*) FROM t")).scalar()) == 0
    await database.write(run("PRAGMA max_page_count = 10000"))
    await put_all()
    assert await database.read(lambda c: c.execute(text("SELECT count(*) FROM t")).scalar()) == len(sizes)
    await database.close()


async def test_a_locked_store_is_told_in_time_and_the_loop_goes_on_meanwhile(tmp_path: Path) -> None:
    database = await Database.open(f"sqlite:///{tmp_path / 'locked.db'}", busy_seconds=0.2)
    await database.write(lambda connection: connection.execute(text("CREATE TABLE t (id INTEGER)")))
    other = sqlite3.connect(tmp_path / "locked.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    write = asyncio.create_task(database.write(lambda connection: None))
    # The loop turns, and readers are answered, while the writer waits.
    assert await database.read(lambda c: c.execute(text("SELECT count(*) FROM t")).scalar()) == 0
    assert not write.done()
    with pytest.raises(StoreUnavailable, match="locked"):
        await write
    other.close()
    await database.write(lambda connection: None)
    await database.close()


async def test_closing_finishes_what_has_queued_and_folds_the_log_of_sqlite_back(tmp_path: Path) -> None:
    database = await Database.open(f"sqlite:///{tmp_path / 'a.db'}")
    await database.migrate()
    writes = [asyncio.create_task(database.write(add(str(number)))) for number in range(3)]
    await asyncio.sleep(0)  # they have queued
    await database.close()
    assert await asyncio.gather(*writes) == ["0", "1", "2"]
    assert [path.name for path in tmp_path.iterdir()] == ["a.db"]
    with pytest.raises(StoreUnavailable, match="closed"):
        await database.write(add("late"))
