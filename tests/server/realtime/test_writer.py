"""The log's writer: order, group commit, a store that fails, a document that cannot be written."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from persistence.errors import StoreUnavailable
from persistence.log import Batch, Committed, Gone, Row
from server.clock import SystemClock
from server.realtime.figures import Figures
from server.realtime.writer import BATCH_BYTES, BATCHES, PENDING_BYTES, LogWriter, Outcome


class ToldLog:
    """A log that does what the test tells it: each append waits for `answer`, and fails while `fault` is set."""

    def __init__(self) -> None:
        self.appended: list[list[Batch]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.called = asyncio.Event()
        self.fault: Exception | None = None
        self.poison: str | None = None
        self.is_gone = False

    async def append(self, batches: Sequence[Batch]) -> list[Committed | Gone]:
        self.called.set()
        await self.gate.wait()
        if self.fault is not None:
            raise self.fault
        if any(batch.document == self.poison for batch in batches):
            raise ValueError("this document cannot be written")
        self.appended.append(list(batches))
        if self.is_gone:
            self.is_gone = False
            return [Gone() for _ in batches]
        return [Committed(batch.number, batch.number) for batch in batches]


@pytest.fixture
def log() -> ToldLog:
    return ToldLog()


@pytest.fixture
async def writer(log: ToldLog) -> AsyncIterator[LogWriter]:
    writer = LogWriter(log, SystemClock(), Figures())  # type: ignore[arg-type]
    writer.start()
    yield writer
    await writer.close()


def batch(number: int, document: str = "d", size: int = 1) -> Batch:
    return Batch(document, "node.1", number, (Row("ada", bytes(size), ()),))


async def test_batches_that_come_during_a_commit_are_committed_together(log: ToldLog, writer: LogWriter) -> None:
    log.gate.clear()
    done: list[int] = []
    writer.append(batch(1), lambda _: done.append(1))
    await log.called.wait()
    for number in (2, 3, 4):
        writer.append(batch(number), lambda _, number=number: done.append(number))
    assert done == []
    log.gate.set()
    await writer.flushed()
    assert done == [1, 2, 3, 4]
    assert [[each.number for each in group] for group in log.appended] == [[1], [2, 3, 4]]


async def test_a_store_that_fails_is_tried_again_in_order_and_nothing_is_reported_meanwhile(
    log: ToldLog, writer: LogWriter
) -> None:
    told: list[str | None] = []
    failed, done = asyncio.Event(), []
    writer.on_trouble(lambda trouble: (told.append(trouble), failed.set()))
    log.fault = StoreUnavailable("database is locked")
    writer.append(batch(1), lambda _: done.append(1))
    await failed.wait()
    assert writer.trouble == "database is locked"
    writer.append(batch(2), lambda _: done.append(2))
    assert done == []
    log.fault = None
    await writer.flushed()
    assert done == [1, 2]
    assert told == ["database is locked", None]
    assert writer.trouble is None


async def test_a_document_that_cannot_be_written_holds_up_nobody_else(log: ToldLog, writer: LogWriter) -> None:
    log.poison = "bad"
    log.gate.clear()
    good, bad = asyncio.Event(), []
    writer.append(batch(1, "bad"), lambda _: bad.append(1))
    writer.append(batch(1, "good"), lambda _: good.set())
    log.gate.set()
    await good.wait()
    assert bad == []
    log.poison = None
    await writer.flushed()
    assert bad == [1]


async def test_a_document_that_cannot_be_written_after_an_outage_holds_up_nobody_else(
    log: ToldLog, writer: LogWriter
) -> None:
    failed, good, bad = asyncio.Event(), asyncio.Event(), []
    writer.on_trouble(lambda _: failed.set())
    log.fault, log.poison = StoreUnavailable("database is locked"), "bad"
    writer.append(batch(1, "bad"), lambda _: bad.append(1))
    writer.append(batch(1, "good"), lambda _: good.set())
    await failed.wait()
    log.fault = None
    async with asyncio.timeout(10):
        await good.wait()
    assert bad == []
    log.poison = None
    await writer.flushed()


async def test_a_callback_that_fails_does_not_end_the_writing(log: ToldLog, writer: LogWriter) -> None:
    done = []

    def fails(_: object) -> None:
        raise RuntimeError("a room's fault")

    writer.append(batch(1), fails)
    writer.append(batch(2), lambda _: done.append(2))
    await writer.flushed()
    assert done == [2]


async def test_too_much_that_waits_stops_the_reading_of_writers_until_half_is_gone(
    log: ToldLog, writer: LogWriter
) -> None:
    log.gate.clear()
    writer.append(batch(1, size=PENDING_BYTES + 1), lambda _: None)
    assert writer.is_full
    log.gate.set()
    await writer.has_room()
    assert writer.pending_bytes == 0


async def test_the_document_that_is_gone_is_reported_as_such(log: ToldLog, writer: LogWriter) -> None:
    async def gone(batches: Sequence[Batch]) -> list[Committed | Gone]:
        return [Gone() for _ in batches]

    log.append = gone  # type: ignore[method-assign]
    outcomes: list[Committed | Gone] = []
    writer.append(batch(1), outcomes.append)
    await writer.flushed()
    assert outcomes == [Gone()]


async def test_nothing_is_written_that_follows_a_batch_whose_document_was_gone(log: ToldLog, writer: LogWriter) -> None:
    log.gate.clear()
    outcomes: list[Outcome] = []
    writer.append(batch(1), outcomes.append)
    await log.called.wait()
    writer.append(batch(2), outcomes.append)
    log.is_gone = True
    log.gate.set()
    await writer.flushed()
    assert outcomes == [Gone(), Gone()]
    assert len(log.appended) == 1, "the document may have been restored meanwhile: 2 without 1 would be a hole"
    assert writer.pending_bytes == 0


async def test_more_than_one_transaction_that_waits_in_an_outage_lets_the_loop_turn(
    log: ToldLog, writer: LogWriter
) -> None:
    failed, done = asyncio.Event(), []
    writer.on_trouble(lambda _: failed.set())
    log.fault = StoreUnavailable("database is locked")
    for number in range(1, 2 * BATCHES + 2):
        writer.append(batch(number, document=f"d{number % 7}"), lambda _, number=number: done.append(number))
    await failed.wait()
    log.fault = None
    await writer.flushed()
    assert done == list(range(1, 2 * BATCHES + 2))
    assert [len(group) for group in log.appended] == [BATCHES, BATCHES, 1]


async def test_a_transaction_takes_no_more_bytes_than_it_should(log: ToldLog, writer: LogWriter) -> None:
    for number in (1, 2, 3):
        writer.append(batch(number, size=BATCH_BYTES // 2), lambda _: None)
    await writer.flushed()
    assert [[each.number for each in group] for group in log.appended] == [[1, 2], [3]]


async def test_a_document_that_could_be_written_again_goes_with_the_others_and_in_its_order(
    log: ToldLog, writer: LogWriter
) -> None:
    log.poison = "bad"
    done: list[tuple[str, int]] = []
    told = asyncio.Event()

    def append(document: str, number: int) -> None:
        writer.append(batch(number, document), lambda _: (done.append((document, number)), told.set()))

    append("bad", 1)
    append("good", 1)
    await told.wait()
    append("bad", 2)
    append("good", 2)
    log.poison = None
    await writer.flushed()
    append("bad", 3)
    append("good", 3)
    await writer.flushed()
    assert [number for document, number in done if document == "bad"] == [1, 2, 3]
    assert [number for document, number in done if document == "good"] == [1, 2, 3]
    assert [each.document for each in log.appended[-1]] == ["bad", "good"]
