"""The promises of the update log, DL1 to DL10, on every kind of store."""

import asyncio
import re
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from persistence.answers import AnswerStore
from persistence.database import Database
from persistence.documents import DocumentStore
from persistence.errors import StoreUnavailable, Unstorable
from persistence.log import (
    Batch,
    Committed,
    DocumentLog,
    Gone,
    LoggedAnswer,
    Replaced,
    Row,
    Snapshot,
    SqlDocumentLog,
)
from persistence.tables.documents import document_heads
from tests.persistence.conftest import NOW, Place, place_in


def batch(document: str, number: int, *updates: bytes, node: str = "n.1", ids: Sequence[int] = ()) -> Batch:
    rows = tuple(Row("ada", update, tuple(ids)) for update in updates or (b"\x00\x00",))
    return Batch(document, node, number, rows)


async def test_DL1_positions_begin_at_one_and_have_no_gaps(log: SqlDocumentLog, document: str) -> None:
    assert await log.append([batch(document, 1, b"a", b"b"), batch(document, 2, b"c")]) == [
        Committed(1, 2),
        Committed(3, 3),
    ]
    assert [(row.position, row.update) for row in await log.read(document, 0)] == [(1, b"a"), (2, b"b"), (3, b"c")]


async def test_DL1_writers_at_the_same_time_leave_no_gap(
    log: SqlDocumentLog, documents: DocumentStore, place: Place
) -> None:
    ids = [(await documents.create(place.document(), NOW)).id for _ in range(3)]
    groups = [
        [batch(document, number, node=f"n.{node}") for document in (ids if node % 2 else ids[::-1])]
        for node in range(8)
        for number in (1, 2)
    ]
    await asyncio.gather(*(log.append(group) for group in groups))
    for document in ids:
        assert [row.position for row in await log.read(document, 0)] == list(range(1, 17))
    assert await log.heads(ids) == dict.fromkeys(ids, 16)


async def test_DL1_two_nodes_on_one_postgresql_leave_no_gap(postgres_database_url: str) -> None:
    nodes = [await Database.open(postgres_database_url) for _ in range(2)]
    await nodes[0].migrate()
    place = await place_in(nodes[0])
    ids = [(await DocumentStore(nodes[0]).create(place.document(), NOW)).id for _ in range(3)]

    async def write(node: Database, name: str, documents: Sequence[str]) -> None:
        for number in range(1, 31):
            await SqlDocumentLog(node).append([batch(document, number, node=name) for document in documents])

    await asyncio.gather(write(nodes[0], "a", ids), write(nodes[1], "b", ids[::-1]))
    for document in ids:
        assert [row.position for row in await SqlDocumentLog(nodes[0]).read(document, 0)] == list(range(1, 61))
    for node in nodes:
        await node.close()


async def test_DL2_one_document_that_cannot_be_written_undoes_the_whole_append(
    log: SqlDocumentLog, documents: DocumentStore, place: Place, document: str
) -> None:
    other = (await documents.create(place.document(), NOW)).id
    broken = Batch(other, "n.1", 1, (Row("ada", None),))  # type: ignore[arg-type]
    with pytest.raises(Unstorable):
        await log.append([batch(document, 1), broken])
    assert await log.heads([document, other]) == {document: 0, other: 0}
    assert await log.read(document, 0) == []


async def test_DL3_a_batch_that_comes_again_is_written_once_and_answered_as_before(
    log: SqlDocumentLog, document: str
) -> None:
    first = await log.append([batch(document, 1, b"a", b"b")])
    again = await log.append([batch(document, 1, b"a", b"b"), batch(document, 2, b"c")])
    assert again == [*first, Committed(3, 3)]
    assert len(await log.read(document, 0)) == 3


async def test_DL3_the_same_number_of_another_opening_is_another_batch(log: SqlDocumentLog, document: str) -> None:
    await log.append([batch(document, 1, node="n.1")])
    assert await log.append([batch(document, 1, node="n.2")]) == [Committed(2, 2)]


async def test_DL4_a_locked_store_is_unavailable_and_not_empty(tmp_path: Path) -> None:
    path = tmp_path / "locked.db"
    database = await Database.open(f"sqlite:///{path}", busy_seconds=0.05)
    await database.migrate()
    program = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None); "
        "c.execute('BEGIN IMMEDIATE'); print('locked', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen([sys.executable, "-c", program, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdin is not None
    await asyncio.to_thread(holder.stdout.readline)
    with pytest.raises(StoreUnavailable, match="locked"):
        await SqlDocumentLog(database).append([batch("any", 1)])
    holder.stdin.close()
    holder.stdout.close()
    holder.wait()
    assert await SqlDocumentLog(database).append([batch("any", 1)]) == [Gone()]
    await database.close()


async def test_DL4_a_server_that_cannot_be_reached_is_unavailable() -> None:
    database = await Database.open("postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(StoreUnavailable):
        await SqlDocumentLog(database).open("any")
    await database.close()


async def test_DL5_batches_of_a_document_are_committed_in_the_given_order(log: SqlDocumentLog, document: str) -> None:
    await log.append([batch(document, number, str(number).encode()) for number in range(1, 30)])
    assert [row.update for row in await log.read(document, 0)] == [str(n).encode() for n in range(1, 30)]


async def test_DL6_a_snapshot_replaces_only_the_one_it_was_made_from(log: SqlDocumentLog, document: str) -> None:
    await log.append([batch(document, number) for number in range(1, 6)])
    made = await asyncio.gather(
        log.compact(document, Snapshot(3, b"three", b"sv", b"ds"), replaces=0),
        log.compact(document, Snapshot(4, b"four", b"sv", b"ds"), replaces=0),
    )
    assert sorted(made) == [False, True]


async def test_DL6_rows_after_a_snapshot_are_read_with_it_and_none_is_touched(
    log: SqlDocumentLog, document: str
) -> None:
    await log.append([batch(document, number, str(number).encode()) for number in range(1, 6)])
    assert await log.compact(document, Snapshot(3, b"three", b"sv", b"ds"), replaces=0)
    opened = await log.open(document)
    assert opened is not None
    assert opened.snapshot == Snapshot(3, b"three", b"sv", b"ds")
    assert (opened.head, opened.rows) == (5, [(4, b"4"), (5, b"5")])
    assert len(await log.read(document, 0)) == 5


async def test_DL6_a_snapshot_beyond_the_head_or_back_in_time_is_refused(log: SqlDocumentLog, document: str) -> None:
    await log.append([batch(document, 1), batch(document, 2)])
    assert not await log.compact(document, Snapshot(3, b"x", b"", b""), replaces=0)
    assert await log.compact(document, Snapshot(2, b"x", b"", b""), replaces=0)
    assert not await log.compact(document, Snapshot(1, b"x", b"", b""), replaces=2)


async def test_DL6_only_old_rows_that_a_snapshot_covers_are_thinned_out(log: SqlDocumentLog, document: str) -> None:
    await log.append([batch(document, number) for number in range(1, 6)])
    await log.compact(document, Snapshot(3, b"three", b"sv", b"ds"), replaces=0)
    assert await log.thin(NOW) == 0
    assert await log.thin(NOW + timedelta(days=36_500)) == 3
    assert [row.position for row in await log.read(document, 0)] == [4, 5]


async def test_DL6_thinning_goes_in_pieces_and_leaves_documents_without_a_snapshot_alone(
    log: SqlDocumentLog, documents: DocumentStore, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("persistence.log.THINNED", 2)
    ids = [(await documents.create(place.document(), NOW)).id for _ in range(3)]
    await log.append([batch(document, number) for document in ids for number in range(1, 6)])
    for document in ids[:2]:
        await log.compact(document, Snapshot(5, b"five", b"sv", b"ds"), replaces=0)
    assert await log.thin(NOW + timedelta(days=36_500)) == 10
    assert [len(await log.read(document, 0)) for document in ids] == [0, 0, 5]
    # Positions go on where they were, also when no row is left.
    assert await log.append([batch(document, 6) for document in ids]) == [Committed(6, 6)] * 3


async def test_DL7_the_first_owner_of_a_client_id_stays(log: SqlDocumentLog, document: str) -> None:
    await log.append([batch(document, 1, ids=[7, 2**53 - 1])])
    await log.append([Batch(document, "n.1", 2, (Row("ben", b"x", (7, 8)),))])
    opened = await log.open(document)
    assert opened is not None
    assert opened.owners == {7: "ada", 2**53 - 1: "ada", 8: "ben"}


async def test_DL8_a_deleted_document_takes_no_rows_and_comes_back_with_those_it_had(
    log: SqlDocumentLog, documents: DocumentStore, place: Place, document: str
) -> None:
    await log.append([batch(document, 1)])
    assert await documents.delete(place.organisation, document, NOW)
    assert await log.append([batch(document, 2)]) == [Gone()]
    assert await log.open(document) is None
    assert await documents.restore(place.organisation, document, NOW)
    opened = await log.open(document)
    assert opened is not None
    assert opened.head == 1


async def test_DL8_an_unknown_document_beside_known_ones_is_gone_alone(log: SqlDocumentLog, document: str) -> None:
    assert await log.append([batch("unknown", 1), batch(document, 1)]) == [Gone(), Committed(1, 1)]


async def test_DL10_rows_and_snapshots_of_another_incarnation_are_not_taken(
    log: SqlDocumentLog, database: Database, documents: DocumentStore, place: Place, document: str
) -> None:
    def of(incarnation: str | None, number: int, document: str = document) -> Batch:
        return replace(batch(document, number, node=f"n.{incarnation}", ids=[number]), incarnation=incarnation)

    opened = await log.open(document)
    assert opened is not None
    before, other = opened.incarnation, (await documents.create(place.document(), NOW)).id
    assert await log.append([of(before, 1), of(before, 2)]) == [Committed(1, 1), Committed(2, 2)]
    anew = update(document_heads).where(document_heads.c.document_id == document).values(incarnation="new")
    await database.write(lambda connection: connection.execute(anew))
    assert await log.append([of(before, 3), of("new", 4), of(before, 5), of(None, 6), of(None, 1, other)]) == [
        Replaced(),
        Committed(3, 3),
        Replaced(),
        Committed(4, 4),
        Committed(1, 1),
    ]
    assert await log.append([of(before, 7)]) == [Replaced()]
    assert await log.append([of(before, 2), of("new", 8)]) == [Replaced(), Committed(5, 5)]
    again = update(document_heads).where(document_heads.c.document_id == document).values(incarnation="newer")
    await database.write(lambda connection: connection.execute(again))
    assert await log.append([of("newer", 9)]) == [Committed(6, 6)], "what is remembered of another one does not count"
    assert await log.append([of("new", 10)]) == [Replaced()]
    assert set(await log.owners(document, 0)) == {1, 2, 4, 6, 8, 9}
    assert await log.heads([document]) == {document: 6}
    snapshot = Snapshot(3, b"three", b"sv", b"ds")
    assert not await log.compact(document, snapshot, replaces=0, incarnation=before)
    assert await log.compact(document, snapshot, replaces=0, incarnation="newer")


async def test_DL1_DL3_DL8_DL10_a_row_by_itself_of_somebody_known_keeps_all_promises(
    log: SqlDocumentLog, database: Database, documents: DocumentStore, place: Place, document: str
) -> None:
    opened = await log.open(document)
    assert opened is not None

    def row(number: int, incarnation: str | None = opened.incarnation, writer: str | None = "ada") -> Batch:
        return Batch(document, "n.1", number, (Row(writer, b"%d" % number),), incarnation=incarnation)

    for number, incarnation in enumerate((opened.incarnation, opened.incarnation, None), start=1):
        assert await log.append([row(number, incarnation)]) == [Committed(number, number)]
    assert await log.append([row(4, writer=None)]) == [Committed(4, 4)]
    assert await log.append([row(2)]) == [Committed(2, 2)], "it is in the log already"
    assert await log.append([row(5)]) == [Committed(5, 5)]
    assert await log.append([row(6, "another")]) == [Replaced()]
    assert await documents.delete(place.organisation, document, NOW)
    assert await log.append([row(7)]) == [Gone()]
    assert [(each.position, each.writer, each.update) for each in await log.read(document, 0)] == [
        (1, "ada", b"1"),
        (2, "ada", b"2"),
        (3, "ada", b"3"),
        (4, None, b"4"),
        (5, "ada", b"5"),
    ]
    edited = select(document_heads.c.edited_by, document_heads.c.edited_at)
    assert (await database.read(lambda connection: connection.execute(edited).one())).edited_by == "ada"


async def test_the_docstring_names_every_promise_that_is_tested() -> None:
    promised = set(re.findall(r"DL\d+", DocumentLog.__doc__ or ""))
    tested = set(re.findall(r"def test_(DL\d+)_", Path(__file__).read_text(encoding="utf-8")))
    assert promised == tested


async def test_DL2_what_was_acknowledged_before_a_kill_is_there_after_it(tmp_path: Path) -> None:
    """A process appends and reports each commit; it is killed at some moment, three times over."""
    url = f"sqlite:///{tmp_path / 'killed.db'}"
    reported: list[str] = []
    for run in range(3):
        writer = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.persistence.appender", url, str(run), stdout=subprocess.PIPE
        )
        assert writer.stdout is not None
        reported += [(await writer.stdout.readline()).decode().strip() for _ in range(20)]
        writer.send_signal(signal.SIGKILL)
        rest = (await writer.stdout.read()).decode()
        reported += rest.splitlines() if rest.endswith("\n") else rest.splitlines()[:-1]
        await writer.wait()
    database = await Database.open(url)
    rows = await SqlDocumentLog(database).read(reported[0].split()[0], 0)
    await database.close()
    assert [row.position for row in rows] == list(range(1, len(rows) + 1))
    written = [row.update.decode() for row in rows]
    assert len(set(written)) == len(written)
    assert {line.split()[1] for line in reported} <= set(written)


async def test_DL9_an_answer_is_kept_with_its_rows_or_neither_is(
    database: Database, log: SqlDocumentLog, document: str, place: Place
) -> None:
    answers = AnswerStore(database)

    def answered(number: int, key: str, user: str = place.user, request: str = "hash") -> Batch:
        said = LoggedAnswer(user, key, request, 200, lambda position: f"at {position}")
        return Batch(document, "n.1", number, (Row(place.user, b"x"), Row(place.user, b"y")), said)

    async def kept(key: str, request: str = "hash") -> tuple[int, str] | None:
        known = await answers.claim(place.user, key, request, NOW)
        return None if known is None else (known.status, known.body)

    assert await kept("claimed") is None
    assert await kept("other") is None
    batches = [answered(1, "claimed"), answered(2, "given back"), answered(3, "other", request="not the claim's")]
    outcomes = await log.append(batches)
    assert outcomes == [Committed(1, 2), Committed(3, 4), Committed(5, 6)]
    assert await log.append(batches) == outcomes
    assert await kept("claimed") == (200, "at 2")
    await answers.release(place.user, "claimed", NOW)
    assert await kept("claimed") == (200, "at 2"), "an answer is not given back"
    assert await kept("given back") == (200, "at 4")
    assert await kept("other") == (0, ""), "another request has the key now"
    assert await log.append([answered(4, "nobody", user="f" * 32)]) == [Committed(7, 8)]
    broken = [answered(5, "broken"), Batch(document, "n.2", 1, (Row("ada", None),))]  # type: ignore[arg-type]
    with pytest.raises(Unstorable):
        await log.append(broken)
    assert await kept("broken") is None
