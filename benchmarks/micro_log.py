"""What the update log costs by itself: `python -m benchmarks.micro_log [sqlite] [postgresql]`.

CPU is of this process, in microseconds (PostgreSQL's own processes are not in it); walls are for information.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from functools import partial
from itertools import count
from uuid import uuid4

import uvloop
from sqlalchemy import Connection, insert

from persistence.database import Database
from persistence.documents import DocumentStore, NewDocument
from persistence.log import Batch, Row, SqlDocumentLog
from persistence.tables.identity import organisations, users
from persistence.tables.workspaces import workspaces
from server.clock import SystemClock
from server.realtime.figures import Figures
from server.realtime.writer import LogWriter

SHAPES = ((1, 1), (10, 1), (10, 10), (100, 1), (100, 100), (400, 200))
"""Rows of a commit, and the documents that they are spread over."""
COMMIT_SECONDS = 1.5
LANES = 400
CLOSED_SECONDS = 4.0
RATES = (200, 2_000)
RATE_SECONDS = 5.0
UPDATE = bytes(40)
DOCUMENTS = 200


@contextmanager
def store_url(kind: str) -> Iterator[str]:
    if kind == "postgresql":
        from tests.e2e.support.postgres import postgres_url  # noqa: PLC0415 - needed for this store only

        with postgres_url() as url:
            yield url
        return
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{folder}/log.db"


async def make_documents(database: Database) -> list[str]:
    now, name = datetime.now(UTC), uuid4().hex

    def place(connection: Connection) -> None:
        connection.execute(insert(organisations).values(id=name, slug=name, name=name, created_at=now))
        connection.execute(insert(users).values(id=name, name="Ada", active=True, created_at=now))
        about = {"name": "w", "type": "security", "settings": {}, "created_at": now, "updated_at": now}
        connection.execute(insert(workspaces).values(id=name, organisation_id=name, owner_id=name, **about))

    await database.write(place)
    store, new = DocumentStore(database), partial(NewDocument, name, name, "Plan", "report", name)
    return [(await store.create(new(), now)).id for _ in range(DOCUMENTS)]


@asynccontextmanager
async def opened(kind: str) -> AsyncIterator[tuple[SqlDocumentLog, list[str]]]:
    with store_url(kind) as url:
        database = await Database.open(url)
        await database.migrate()
        yield SqlDocumentLog(database), await make_documents(database)
        await database.close()


def percentiles(walls: list[float]) -> str:
    ordered = sorted(walls)
    return "  ".join(f"p{p} {ordered[int(len(ordered) * p / 100)] * 1e3:7.2f}" for p in (50, 95, 99)) + " ms"


async def commits(log: SqlDocumentLog, documents: list[str], rows: int, spread: int) -> None:
    """One commit after the other, as a quiet server does them."""
    writer, node, walls, number = uuid4().hex, f"{uuid4().hex}.1", [], 0
    began, cpu, mine = time.perf_counter(), time.process_time(), time.thread_time()
    while (start := time.perf_counter()) < began + COMMIT_SECONDS:
        number += 1
        each = (Row(writer, UPDATE, ()),) * (rows // spread)
        await log.append([Batch(document, node, number, each) for document in documents[:spread]])
        walls.append(time.perf_counter() - start)
    cpu, mine = time.process_time() - cpu, time.thread_time() - mine
    print(
        f"  {rows:3} rows, {spread:3} documents: {cpu / number * 1e6:8.0f} us CPU a commit"
        f" ({mine / number * 1e6:6.0f} on the loop), {cpu / number / rows * 1e6:7.1f} a row, {percentiles(walls)}"
    )


async def closed_loop(log: SqlDocumentLog, documents: list[str]) -> None:
    """Every lane appends its next row once the last is committed, as two writers a document do in the benchmark."""
    figures, writer, done = Figures(), uuid4().hex, asyncio.Event()
    log_writer = LogWriter(log, SystemClock(), figures)
    log_writer.start()
    until = time.perf_counter() + CLOSED_SECONDS

    rooms = {document: (f"{uuid4().hex}.1", count(1)) for document in documents}

    def lane(document: str) -> None:
        def committed(_: object) -> None:
            if time.perf_counter() < until:
                lane(document)
            else:
                done.set()

        node, numbers = rooms[document]
        log_writer.append(Batch(document, node, next(numbers), (Row(writer, UPDATE, ()),)), committed)

    cpu, mine = time.process_time(), time.thread_time()
    for index in range(LANES):
        lane(documents[index % len(documents)])
    await done.wait()
    await log_writer.flushed()
    cpu, mine = time.process_time() - cpu, time.thread_time() - mine
    await log_writer.close()
    print(
        f"  closed loop, {LANES} lanes: {figures.rows / CLOSED_SECONDS:7.0f} rows/s in {figures.commits} commits,"
        f" {cpu / figures.rows * 1e6:6.1f} us CPU a row ({mine / figures.rows * 1e6:5.1f} on the loop)"
    )


async def at_rate(log: SqlDocumentLog, documents: list[str], rate: int) -> None:
    """Rows at an even pace over all documents: how long until each is committed."""
    figures, writer, walls, node = Figures(), uuid4().hex, [], f"{uuid4().hex}.1"
    log_writer = LogWriter(log, SystemClock(), figures)
    log_writer.start()

    def committed(sent_at: float, _: object) -> None:
        walls.append(time.perf_counter() - sent_at)

    cpu, began, sent = time.process_time(), time.perf_counter(), 0
    while (now := time.perf_counter()) < began + RATE_SECONDS:
        while sent < (now - began) * rate:
            sent += 1
            batch = Batch(documents[sent % len(documents)], node, sent, (Row(writer, UPDATE, ()),))
            log_writer.append(batch, partial(committed, time.perf_counter()))
        await asyncio.sleep(max(began + (sent + 1) / rate - time.perf_counter(), 0))
    await log_writer.flushed()
    cpu = time.process_time() - cpu
    await log_writer.close()
    print(
        f"  {rate:5} rows/s: acknowledged after {percentiles(walls)},"
        f" {figures.commits / RATE_SECONDS:5.0f} commits/s, {cpu / RATE_SECONDS * 100:5.1f} % CPU"
    )


async def main(kinds: list[str]) -> None:
    for kind in kinds or ["sqlite", "postgresql"]:
        async with opened(kind) as (log, documents):
            print(kind)
            for rows, spread in SHAPES:
                await commits(log, documents, rows, spread)
            for rate in RATES:
                await at_rate(log, documents, rate)
            await closed_loop(log, documents)


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1:]))
