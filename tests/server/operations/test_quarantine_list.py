"""What is in quarantine is listed, fetched by those whose document it is, and let out."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from persistence.quarantine import QuarantinedRow, QuarantineStore
from persistence.records import Batch, Row, Snapshot
from persistence.whereabouts import Whereabouts
from server.errors import NotFound
from server.operations.quarantine_list import QuarantineList
from tests.server.support import Place, served

POISON = b"no update at all"
FOUND = datetime(2026, 1, 1, tzinfo=UTC)


async def poisoned(place: Place) -> str:
    document = await place.admin.document(await place.admin.workspace())
    await place.house.document_log.append([Batch(document, "n", 1, (Row(None, POISON),))])
    for position in (1, 7):
        row = QuarantinedRow(document, position, "malformed", b"", False, None, FOUND)
        await QuarantineStore(place.house.database).put(row)
    return document


async def test_rows_are_listed_with_what_is_known_of_them_and_their_bytes_are_fetched(tmp_path: Path) -> None:
    async with served(tmp_path) as place:
        document = await poisoned(place)
        told = (await place.admin.get("/admin/quarantine")).json()["data"]
        fetched = await place.admin.get(f"/admin/quarantine/{document}/1")
        gone = await place.admin.get(f"/admin/quarantine/{document}/7")
        whole = await place.admin.get(f"/admin/quarantine/{document}/2")
    assert told["total"] == 2
    assert {(row["position"], row["size_bytes"]) for row in told["rows"]} == {(1, len(POISON)), (7, None)}
    assert {(row["document_id"], row["title"], row["reason"]) for row in told["rows"]} == {
        (document, "Score", "malformed")
    }
    assert (fetched.content, fetched.headers["content-type"]) == (POISON, "application/octet-stream")
    assert fetched.headers["content-disposition"] == f'attachment; filename="{document}-1.yjs"'
    assert (gone.status_code, whole.status_code) == (404, 404)


async def test_what_is_of_another_organisation_is_listed_without_its_name_and_not_given_out(tmp_path: Path) -> None:
    async with served(tmp_path) as place:
        document, database = await poisoned(place), place.house.database
        quarantine = QuarantineList(QuarantineStore(database), Whereabouts(database))
        assert {row.title for row in (await quarantine.all(9, "another")).rows} == {None}
        with pytest.raises(NotFound):
            await quarantine.bytes_of(document, 1, "another")


async def test_a_row_that_is_let_out_is_read_again(tmp_path: Path) -> None:
    async with served(tmp_path) as place:
        document = await poisoned(place)
        path = f"/admin/quarantine/{document}/1/release"
        assert [(await place.admin.post(path)).status_code for _ in range(2)] == [204, 404]
        [left] = (await place.admin.get("/admin/quarantine")).json()["data"]["rows"]
    assert left["position"] == 7


async def test_a_row_that_was_folded_is_the_snapshot_at_its_position(tmp_path: Path) -> None:
    async with served(tmp_path) as place:
        document, log = await poisoned(place), place.house.document_log
        store = QuarantineStore(place.house.database)
        assert await log.compact(document, Snapshot(1, b"folded", b"", b""), 0)
        assert await store.data(document, 1) == POISON
        await log.thin(datetime(3000, 1, 1, tzinfo=UTC))
        assert (await store.data(document, 1), await store.size(document, 1)) == (b"folded", 6)
