"""Whatever ends a worker is found, kept in quarantine and told; the rest of the document can be read."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crdt.document import compact
from crdt.reading import NOTHING
from persistence.database import Database
from persistence.documents import DocumentStore, NewDocument
from persistence.log import Batch, Row, Snapshot, SqlDocumentLog
from persistence.projections import ProjectionRow, ProjectionStore
from persistence.quarantine import QuarantinedRow, QuarantineStore
from server.clock import SystemClock
from server.collaboration.examiner import Examiner
from server.collaboration.projector import Projector
from server.realtime.materialiser import Materialiser
from tests.crdt.crafting import string, update
from tests.persistence.appender import NAME, make_place
from tests.server.collaboration.poison import MALFORMED, POISON, honest

STEP_SECONDS = 1.0


@dataclass
class Ward:
    """The real parts over a real store, and what people were told."""

    database: Database
    materialiser: Materialiser
    told: list[tuple[str, str | None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.log = SqlDocumentLog(self.database)
        self.quarantine = QuarantineStore(self.database)
        self.projections = ProjectionStore(self.database)
        self.examiner, self.projector = self.staff()

    def staff(self) -> tuple[Examiner, Projector]:
        """As after a start of the server."""
        clock = SystemClock()
        examiner = Examiner(
            self.quarantine,
            self.log,
            self.materialiser,
            clock,
            lambda document, notice, _hidden: self.told.append((document, notice)),
            step_seconds=STEP_SECONDS,
        )
        return examiner, Projector(
            self.projections, self.log, self.materialiser, clock, examiner, read_seconds=STEP_SECONDS
        )

    async def document(self) -> str:
        store = DocumentStore(self.database)
        return (await store.create(NewDocument(NAME, NAME, "Plan", "report", NAME), datetime.now(UTC))).id

    async def write(self, document: str, writer: str, *updates: bytes) -> None:
        for each in updates:
            number = (await self.log.heads([document]))[document] + 1
            await self.log.append([Batch(document, "another node", number, (Row(writer, each),))])

    async def compacted(self, document: str, *, thin: bool) -> None:
        """Fold all rows into a snapshot; `thin`: they are gone afterwards."""
        opened = await self.log.open(document)
        assert opened is not None
        folded = compact(None, [update for _, update in opened.rows])
        snapshot = Snapshot(opened.head, folded.update, folded.state_vector, folded.deletes)
        assert await self.log.compact(document, snapshot, 0)
        if thin:
            assert await self.log.thin(datetime.now(UTC) + timedelta(days=1)) == opened.head

    async def read(self, document: str) -> ProjectionRow:
        await self.projector.refresh(document)
        row = await self.projections.get(document)
        assert row is not None
        return row

    async def positions(self, document: str) -> list[int]:
        return [row.position for row in (await self.quarantine.of([document])).get(document, [])]


@pytest.fixture
async def ward(tmp_path: Path) -> AsyncIterator[Ward]:
    database = await Database.open(f"sqlite:///{tmp_path / 'ward.db'}")
    await database.migrate()
    await database.write(make_place)
    materialiser = Materialiser(workers=1, memory_bytes=80 << 20)
    yield Ward(database, materialiser)
    await materialiser.close()
    await database.close()


EVERYTHING = {**MALFORMED, **POISON}


@pytest.mark.parametrize("what", EVERYTHING)
async def test_the_row_is_found_and_all_else_is_read(what: str, ward: Ward) -> None:
    document, poison = await ward.document(), EVERYTHING[what]
    await ward.write(document, "ada", honest(0), honest(1), honest(2))
    await ward.write(document, "mallory", *poison)
    await ward.write(document, "ada", honest(3), honest(4))
    row = await ward.read(document)
    assert row.failure is None
    assert "00 01 02 03 04" in (row.text or "")
    assert row.is_partial
    assert row.position == 5 + len(poison)
    found = (await ward.quarantine.of([document]))[document]
    assert {each.position for each in found} <= set(range(4, 4 + len(poison)))
    assert {each.writer for each in found} == {"mallory"}
    assert ward.examiner.count == len(found)
    ((told, notice),) = ward.told[-1:]
    assert told == document
    assert json.loads(notice or "")["content"] == "partial"
    rows = await ward.log.read(document, 0)
    assert [each.update for each in rows[3 : 3 + len(poison)]] == poison, "what came stays in the log"


async def test_what_was_found_is_not_looked_for_again(ward: Ward) -> None:
    document = await ward.document()
    await ward.write(document, "mallory", *POISON["types 5,000 deep"])
    await ward.write(document, "ada", honest(0))
    await ward.read(document)
    deaths = ward.materialiser.figures.failures.total()
    ward.told.clear()
    ward.examiner, ward.projector = ward.staff()
    await ward.examiner.start()
    assert [document for document, _ in ward.told] == [document], "a new start tells the rooms, too"
    await ward.write(document, "ada", honest(1))
    assert (await ward.read(document)).text == "00 01 "
    assert ward.materialiser.figures.failures.total() == deaths, "no worker has died again"


async def test_edits_of_the_same_client_after_its_quarantined_row_are_read(ward: Ward) -> None:
    """What is hidden keeps its place and its clocks: what follows does not wait for it."""
    document = await ward.document()
    looping = bytes.fromhex("01 02 07 06 2701016d016b00 04000706") + "\x04😀".encode() + b"\0"
    await ward.write(document, "ada", honest(0), honest(1), looping)
    after = bytes.fromhex("01 01 07 09 84 07 05") + b"\x03end" + b"\0"
    await ward.write(document, "ada", after)
    row = await ward.read(document)
    assert (row.text, row.is_partial) == ("00 01 end", True)
    assert await ward.positions(document) == [3]


@pytest.mark.parametrize("thin", [False, True], ids=["rows kept", "rows gone"])
async def test_what_was_folded_into_a_snapshot_is_found_there(ward: Ward, thin: bool) -> None:
    document = await ward.document()
    await ward.write(document, "ada", honest(0), honest(1))
    await ward.write(document, "mallory", *POISON["an endless loop"])
    await ward.write(document, "ada", honest(2))
    await ward.compacted(document, thin=thin)
    await ward.write(document, "ada", honest(3))
    row = await ward.read(document)
    assert "00 01 02 03" in (row.text or "")
    assert row.is_partial
    assert await ward.positions(document) == ([4] if thin else [3])


async def test_several_poisonous_rows_are_all_found(ward: Ward) -> None:
    document = await ward.document()
    await ward.write(document, "ada", honest(0))
    await ward.write(document, "mallory", POISON["types 5,000 deep"][0], MALFORMED["a header of 4e9 clients"][0])
    await ward.write(document, "ada", honest(1))
    await ward.write(document, "mallory", POISON["an endless loop"][0].replace(b"\x42", b"\x43"))
    row = await ward.read(document)
    assert "00 01" in (row.text or "")
    assert await ward.positions(document) == [2, 3, 5]


async def test_a_document_that_is_just_large_has_no_row_to_blame(ward: Ward) -> None:
    document = await ward.document()
    large = "x" * 2_000_000
    await ward.write(document, "ada", *(update((number, 0, [string(large)])) for number in range(1, 25)))
    row = await ward.read(document)
    assert row.failure in {"memory", "too_large", "died", "timeout"}
    assert await ward.positions(document) == []


async def test_a_row_that_is_released_is_read_again_and_goes_back_when_it_is_still_poison(ward: Ward) -> None:
    document = await ward.document()
    await ward.write(document, "ada", honest(0))
    await ward.write(document, "mallory", *POISON["types 5,000 deep"])
    await ward.read(document)
    [poisonous] = await ward.positions(document)
    await ward.write(document, "ada", honest(1))
    mistaken = QuarantinedRow(document, poisonous + 1, "died", NOTHING, False, "ada", datetime.now(UTC))
    await ward.quarantine.put(mistaken)
    assert (await ward.read(document)).text == "00 "

    assert await ward.quarantine.release(document) == 2
    assert await ward.projections.get(document) is None, "what was read without them does not stand for the document"
    ward.told.clear()
    row = await ward.read(document)
    assert (row.text, row.is_partial) == ("00 01 ", True)
    assert await ward.positions(document) == [poisonous]
    assert await ward.quarantine.release(document, poisonous + 1) == 0
