"""What is in quarantine, on every kind of store."""

from datetime import UTC, datetime

from persistence.database import Database
from persistence.documents import DocumentStore, NewDocument
from persistence.log import SqlDocumentLog
from persistence.quarantine import QuarantinedRow, QuarantineStore
from persistence.records import Batch, Row, Snapshot
from tests.persistence.appender import NAME, make_place

NOW = datetime(2026, 1, 2, tzinfo=UTC)


async def made(database: Database) -> str:
    return (await DocumentStore(database).create(NewDocument(NAME, NAME, "Plan", "report", NAME), NOW)).id


def row(document: str, position: int, *, hidden: bytes = b"\0", reason: str = "died") -> QuarantinedRow:
    return QuarantinedRow(document, position, reason, hidden, without_place=False, writer="bob", found_at=NOW)


async def test_rows_come_back_by_document_and_position(database: Database) -> None:
    await database.write(make_place)
    store = QuarantineStore(database)
    first, second, whole = [await made(database) for _ in range(3)]
    for each in (row(first, 9), row(first, 2), row(second, 1)):
        await store.put(each)
    assert await store.of([first, whole]) == {first: [row(first, 2), row(first, 9)]}
    assert await store.all() == {first: [row(first, 2), row(first, 9)], second: [row(second, 1)]}


async def test_a_later_finding_replaces_the_one_at_its_position(database: Database) -> None:
    await database.write(make_place)
    store, document = QuarantineStore(database), await made(database)
    await store.put(row(document, 2))
    later = row(document, 2, hidden=b"\1\7\1\0\2", reason="timeout")
    await store.put(later)
    assert await store.of([document]) == {document: [later]}


async def test_the_bytes_are_those_of_the_row_and_of_the_snapshot_once_it_is_thinned_out(database: Database) -> None:
    await database.write(make_place)
    store, log, document = QuarantineStore(database), SqlDocumentLog(database), await made(database)
    await log.append([Batch(document, "n", 1, (Row(None, b"poison"),))])
    assert await log.compact(document, Snapshot(1, b"folded up", b"", b""), 0)
    assert (await store.data(document, 1), await store.size(document, 1)) == (b"poison", 6)
    assert (await store.data(document, 2), await store.size(document, 2)) == (None, None)
    await log.thin(NOW.replace(year=3000))
    assert (await store.data(document, 1), await store.size(document, 1)) == (b"folded up", 9)
