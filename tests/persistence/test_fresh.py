"""Rows that SQLite has committed and not yet sorted: read as all others, sorted when there is time, lost by nobody."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from persistence.database import Database
from persistence.documents import DocumentStore
from persistence.fresh import LEAST, MANY, QUIET_SECONDS, SWIFT, TOO_MANY, Settler
from persistence.log import Batch, Committed, Row, Snapshot, SqlDocumentLog
from tests.persistence.conftest import NOW, Place, place_in


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Database]:
    database = await Database.open(f"sqlite:///{tmp_path / 'fresh.db'}")
    await database.migrate()
    yield database
    await database.close()


@pytest.fixture
async def home(store: Database) -> Place:
    return await place_in(store)


@pytest.fixture
async def document(store: Database, home: Place) -> str:
    return (await DocumentStore(store).create(home.document(seed=b"seed"), NOW)).id


def batch(document: str, number: int, update: bytes = b"x", node: str = "n.1") -> Batch:
    return Batch(document, node, number, (Row("ada", update),))


async def counts(store: Database) -> tuple[int, int]:
    def count(connection: Connection) -> tuple[int, int]:
        sql = "SELECT (SELECT count(*) FROM fresh_rows), (SELECT count(*) FROM document_rows)"
        return tuple(connection.execute(text(sql)).one())  # type: ignore[return-value]

    return await store.read(count)


async def test_rows_are_read_in_order_whether_they_are_sorted_or_not(store: Database, document: str) -> None:
    log = SqlDocumentLog(store)
    await log.append([batch(document, 1, b"a"), batch(document, 2, b"b")])
    await store.appender.settle()
    assert await counts(store) == (0, 3)
    await log.append([batch(document, 3, b"c")])
    assert await counts(store) == (1, 3)
    assert [row.update for row in await log.read(document, 0)] == [b"seed", b"a", b"b", b"c"]
    assert [row.update for row in await log.read(document, 1, 3)] == [b"a", b"b"]
    opened = await log.open(document)
    assert opened is not None
    assert (opened.head, [position for position, _ in opened.rows]) == (4, [1, 2, 3, 4])


async def test_a_batch_that_comes_again_is_known_whether_it_is_sorted_or_not(store: Database, document: str) -> None:
    log = SqlDocumentLog(store)
    await log.append([batch(document, 1)])
    assert await log.append([batch(document, 1), batch(document, 2)]) == [Committed(2, 2), Committed(3, 3)]
    await store.appender.settle()
    assert await log.append([batch(document, 1), batch(document, 2)]) == [Committed(2, 2), Committed(3, 3)]
    assert (await log.heads([document])) == {document: 3}


async def test_what_a_process_that_died_has_left_is_sorted_and_known_at_the_next_start(
    store: Database, document: str
) -> None:
    log = SqlDocumentLog(store)
    await log.append([batch(document, 1), batch(document, 2)])
    following = await Database.open(store.url)
    await following.migrate()
    assert await counts(store) == (0, 3)
    assert await SqlDocumentLog(following).append([batch(document, 2)]) == [Committed(3, 3)]
    await following.close()


async def test_rows_of_a_document_that_was_removed_for_good_hold_up_nobody(
    store: Database, home: Place, document: str
) -> None:
    log, other = SqlDocumentLog(store), (await DocumentStore(store).create(home.document(), NOW)).id
    await log.append([batch(document, 1), batch(other, 1)])
    await store.write(
        lambda connection: connection.execute(text("DELETE FROM documents WHERE id = :id"), {"id": other})
    )
    await store.appender.settle()
    assert await counts(store) == (0, 2)


async def test_a_snapshot_of_fresh_rows_can_be_stored_and_they_can_be_thinned(store: Database, document: str) -> None:
    log = SqlDocumentLog(store)
    await log.append([batch(document, 1), batch(document, 2)])
    assert await log.compact(document, Snapshot(2, b"two", b"", b""), replaces=0)
    assert await log.thin(NOW.replace(year=9000)) == 2
    assert [row.position for row in await log.read(document, 0)] == [3]


async def test_the_writer_sorts_by_itself_when_it_is_idle(
    store: Database, document: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("persistence.fresh.QUIET_SECONDS", 0.0)
    log, settled = SqlDocumentLog(store), asyncio.Event()
    loop, added = asyncio.get_running_loop(), Settler.run

    def told(self: Settler, connection: object) -> None:
        added(self, connection)  # type: ignore[arg-type]
        if self.is_settled:
            loop.call_soon_threadsafe(settled.set)

    monkeypatch.setattr(Settler, "run", told)
    await log.append([batch(document, number) for number in range(1, 3 * LEAST)])
    await settled.wait()
    assert await counts(store) == (0, 3 * LEAST)
    assert [row.position for row in await log.read(document, 0)] == list(range(1, 3 * LEAST + 1))


class At:
    """A clock that stands where it is set."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


def test_sorting_waits_for_quiet_or_for_many_rows_and_not_while_they_come_fast(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, settler = At(), Settler()
    monkeypatch.setattr("persistence.fresh.time", clock)
    assert settler.pause() is None
    settler.added(1)
    assert settler.pause() == QUIET_SECONDS
    clock.now += QUIET_SECONDS
    assert settler.pause() == 0
    settler.added(MANY)
    assert settler.pause() == QUIET_SECONDS  # they have come fast
    clock.now += 2 * MANY / SWIFT
    settler.added(1)
    assert settler.pause() == 0
    assert not settler.is_urgent
    settler.added(TOO_MANY)
    assert settler.is_urgent


def test_a_store_that_cannot_sort_is_tried_again_after_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, settler = At(), Settler()
    monkeypatch.setattr("persistence.fresh.time", clock)
    settler.added(MANY)
    clock.now += 2 * MANY / SWIFT
    assert settler.pause() == 0
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as empty, pytest.raises(sqlite3.OperationalError):
        settler.run(empty)
    assert settler.pause() == QUIET_SECONDS, "else the writer would fail, and log it, without end"
