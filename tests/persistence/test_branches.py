"""Copies that are kept apart, on every kind of store."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, delete, func, select

from persistence.branches import BranchRow, BranchStore, NewBranch, NotOpen, TooManyBranches
from persistence.database import Database
from persistence.documents import DocumentStore
from persistence.tables.documents import document_branches, documents
from tests.persistence.conftest import Place

NOW = datetime(2026, 1, 2, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


@pytest.fixture
def branches(database: Database) -> BranchStore:
    return BranchStore(database)


def copy(document: str, place: Place, data: bytes = b"copy") -> NewBranch:
    return NewBranch(document, place.user, "a" * 32, data.hex(), data)


async def test_a_copy_that_is_brought_twice_is_kept_once(branches: BranchStore, document: str, place: Place) -> None:
    told: list[BranchRow] = []
    first = await branches.keep(copy(document, place), NOW, most=9, also=lambda _, row: told.append(row))
    again = await branches.keep(copy(document, place), LATER, most=9, also=lambda _, row: told.append(row))
    assert (first.is_new, again.is_new) == (True, False)
    assert told == [first.row] == [again.row] == await branches.of(document)
    assert first.row == BranchRow(
        first.row.id, document, place.user, "Ada", "a" * 32, 4, "kept", NOW, decided_at=None, decided_by=None
    )
    assert await branches.data(document, first.row.id) == b"copy"


async def test_a_user_has_so_many_copies_of_a_document_and_no_more(
    branches: BranchStore, document: str, place: Place
) -> None:
    rows = [(await branches.keep(copy(document, place, data), NOW, most=2)).row for data in (b"1", b"2")]
    with pytest.raises(TooManyBranches):
        await branches.keep(copy(document, place, b"3"), NOW, most=2)
    assert not (await branches.keep(copy(document, place, b"2"), NOW, most=2)).is_new
    assert await branches.decide(document, rows[0].id, "merged", by=place.user, now=NOW)
    assert (await branches.keep(copy(document, place, b"3"), NOW, most=2)).is_new


async def test_a_branch_is_decided_on_once_and_a_discarded_one_has_no_data(
    branches: BranchStore, document: str, place: Place
) -> None:
    merged, discarded = [(await branches.keep(copy(document, place, data), NOW, most=9)).row for data in (b"1", b"2")]
    told: list[Connection] = []
    assert await branches.decide(document, merged.id, "merged", by="ben", now=LATER, also=told.append)
    assert await branches.decide(document, discarded.id, "discarded", by="ben", now=LATER, also=told.append)
    assert not await branches.decide(document, merged.id, "discarded", by="ben", now=LATER, also=told.append)
    assert len(told) == 2
    found = {row.id: row for row in await branches.of(document)}
    assert [
        (found[row.id].state, found[row.id].decided_at, found[row.id].decided_by) for row in (merged, discarded)
    ] == [
        ("merged", LATER, "ben"),
        ("discarded", LATER, "ben"),
    ]
    assert await branches.data(document, merged.id) == b"1"
    assert await branches.data(document, discarded.id) is None
    again = await branches.keep(copy(document, place, b"2"), LATER, most=9)
    assert again.is_new, "its data is gone, so the same copy is worth keeping"


async def test_a_branch_grows_while_it_is_kept(branches: BranchStore, document: str, place: Place) -> None:
    first = (await branches.keep(copy(document, place, b"1"), NOW, most=9)).row
    second = (await branches.keep(copy(document, place, b"2"), LATER, most=9)).row
    more = copy(document, place, b"1 and more")
    assert await branches.lately(more, 9) == [second.id, first.id]
    assert await branches.lately(more, 1) == [second.id]
    assert await branches.lately(replace(more, incarnation="b" * 32), 9) == []
    assert await branches.lately(replace(more, user_id="ben"), 9) == []
    assert await branches.grow(first.id, more)
    assert await branches.data(document, first.id) == b"1 and more"
    assert (await branches.keep(more, LATER, most=9)).row == replace(first, size=10)
    await branches.decide(document, first.id, "merged", by=place.user, now=LATER)
    assert not await branches.grow(first.id, more)
    assert await branches.lately(more, 9) == [second.id]


async def test_only_what_was_decided_on_is_forgotten(branches: BranchStore, document: str, place: Place) -> None:
    kept, merged = [(await branches.keep(copy(document, place, data), NOW, most=9)).row for data in (b"1", b"2")]
    await branches.decide(document, merged.id, "merged", by=place.user, now=NOW)
    assert await branches.purge(NOW) == 0
    assert await branches.purge(LATER) == 1
    assert [row.id for row in await branches.of(document)] == [kept.id]


async def test_a_branch_is_of_its_document_and_of_its_user(branches: BranchStore, document: str, place: Place) -> None:
    row = (await branches.keep(copy(document, place), NOW, most=9)).row
    assert await branches.get(document, row.id) == row
    assert await branches.get("another", row.id) is None
    assert await branches.data("another", row.id) is None
    assert not await branches.decide("another", row.id, "merged", by=place.user, now=NOW)
    assert await branches.of(document, user="ben") == []
    assert await branches.of(document, user=place.user) == [row]


async def test_nothing_is_kept_of_a_document_that_is_not_there(
    branches: BranchStore, documents: DocumentStore, document: str, place: Place
) -> None:
    with pytest.raises(NotOpen):
        await branches.keep(copy("none", place), NOW, most=9)
    await documents.delete(place.organisation, document, NOW)
    with pytest.raises(NotOpen):
        await branches.keep(copy(document, place), NOW, most=9)


async def test_branches_go_with_their_document(
    branches: BranchStore, database: Database, document: str, place: Place
) -> None:
    await branches.keep(copy(document, place), NOW, most=9)

    def gone(connection: Connection) -> int:
        connection.execute(delete(documents).where(documents.c.id == document))
        return int(connection.execute(select(func.count()).select_from(document_branches)).scalar_one())

    assert await database.write(gone) == 0
