"""SQLite's one writer: a thread that commits what has queued together, and does its chores while nothing waits."""

import asyncio
import logging
import sqlite3
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, Protocol, TypeAlias, TypeVar, cast

from sqlalchemy import Connection, Engine

from persistence.dialect import unavailable
from persistence.errors import StoreUnavailable

__all__ = ["Chore", "WriterThread"]

log = logging.getLogger(__name__)

T = TypeVar("T")

JOBS = 512
"""Jobs in one transaction at most: a commit that takes longer keeps everybody waiting."""


class Chore(Protocol):
    """Work that can wait: a piece of it is done when nobody else's work does."""

    def pause(self) -> float | None:
        """Seconds until there is a piece to do, None when there is none."""
        ...

    @property
    def is_urgent(self) -> bool:
        """A piece is to be done although jobs wait."""
        ...

    def run(self, connection: sqlite3.Connection) -> None:
        """Do a piece, in a transaction of its own."""
        ...


@dataclass(slots=True)
class _Job:
    """`raw`: the work begins and commits by itself, on the driver's connection."""

    work: Callable[[Any], Any]
    future: "asyncio.Future[Any]"
    raw: bool
    result: Any = None
    error: BaseException | None = None


_Queue: TypeAlias = "SimpleQueue[_Job | None]"


class WriterThread:
    """Runs closures one after the other on one connection; a caller hears its result after the commit.

    One lock in the process instead of SQLite's busy handler: beside transactions of 3 ms, the 99th percentile of a
    commit was 9.7 ms with it, and 1,030 ms without (decision 20).
    """

    def __init__(self, engine: Engine, chore: Chore) -> None:
        self._engine = engine
        self._chore = chore
        self._loop = asyncio.get_running_loop()
        self._jobs: _Queue = SimpleQueue()
        self._closing = False
        self._left_over: _Job | None = None
        self._raw: sqlite3.Connection | None = None
        self._thread = threading.Thread(target=self._run, name="store writer", daemon=True)
        self._thread.start()

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a transaction; return its result once that is committed.

        Raises what `work` raised (its changes are undone, nobody else's), or StoreUnavailable (nothing was written).
        A caller that is cancelled meanwhile does not know whether it was written.
        """
        return await self._queue(work, raw=False)

    async def run_raw(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` on the driver's connection. It begins and commits its transactions by itself.

        Raises what `work` raised; what it left open is undone.
        """
        return await self._queue(work, raw=True)

    async def _queue(self, work: Callable[[Any], T], *, raw: bool) -> T:
        if self._closing:
            raise StoreUnavailable("the store is closed")
        future: asyncio.Future[T] = self._loop.create_future()
        self._jobs.put(_Job(work, future, raw))
        return await future

    async def close(self) -> None:
        """Finish what has queued, then end the thread."""
        if not self._closing:
            self._closing = True
            self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)

    # In the thread.

    def _run(self) -> None:
        while (jobs := self._take()) is not None:
            if jobs:
                self._perform(jobs)
            if not jobs or self._chore.is_urgent:
                self._do_chore()
        self._engine.dispose()

    def _take(self) -> list[_Job] | None:
        """What has queued of one kind. Empty: there is time for the chore; None: all is done, and no more will come."""
        first = self._left_over
        self._left_over = None
        if first is None:
            try:
                first = self._jobs.get(timeout=self._chore.pause())
            except Empty:
                return []
        if first is None:
            return None
        jobs = [first]
        while not first.raw and len(jobs) < JOBS:
            try:
                following = self._jobs.get_nowait()
            except Empty:
                break
            if following is None:
                self._jobs.put(None)
                break
            if following.raw:
                self._left_over = following
                break
            jobs.append(following)
        return jobs

    def _perform(self, jobs: list[_Job]) -> None:
        try:
            if jobs[0].raw:
                self._run_raw(jobs[0])
            else:
                self._commit(jobs)
        except Exception as error:  # noqa: BLE001 - whatever failed here, nothing was committed: every caller is told
            alone = len(jobs) == 1 and unavailable(error) is None
            for job in jobs:
                job.error = error if alone else _failure(error)
        with suppress(RuntimeError):  # the loop has ended without `close`: nobody waits any more
            self._loop.call_soon_threadsafe(_deliver, jobs)

    def _run_raw(self, job: _Job) -> None:
        connection = self._driver_connection()
        try:
            job.result = job.work(connection)
        except Exception as error:  # noqa: BLE001 - undone, and told to its caller
            job.error = error
            if connection.in_transaction:
                connection.execute("ROLLBACK")

    def _driver_connection(self) -> sqlite3.Connection:
        """The one connection of the engine (a StaticPool) as the driver has it."""
        if self._raw is None:
            self._raw = cast("sqlite3.Connection", self._engine.raw_connection().driver_connection)
        return self._raw

    def _commit(self, jobs: list[_Job]) -> None:
        with self._engine.connect() as connection, connection.begin():
            if len(jobs) == 1:
                jobs[0].result = jobs[0].work(connection)  # its error undoes the transaction: that needs no savepoint
                return
            for job in jobs:
                _do(connection, job)

    def _do_chore(self) -> None:
        try:
            connection = self._driver_connection()
            try:
                self._chore.run(connection)
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
        except Exception:  # nobody waits for it: the store is as it was, and the chore is tried again later
            log.exception("a chore of the store failed")


def _do(connection: Connection, job: _Job) -> None:
    """Run it in a savepoint. A failing store ends the whole batch: it may have ended the transaction by itself.

    SQLite does so when the disk is full or fails; what was done before is undone then, and what followed would be
    committed alone.
    """
    savepoint = connection.begin_nested()
    try:
        job.result = job.work(connection)
        savepoint.commit()
    except Exception as error:  # undone by its savepoint, and told to its caller
        if unavailable(error) is not None:
            raise
        savepoint.rollback()  # raises, and so ends the batch, when there is no savepoint any more
        job.error = error


def _failure(error: Exception) -> StoreUnavailable:
    """One for each caller: an exception that several raise would collect the tracebacks of all."""
    told = StoreUnavailable(str(unavailable(error) or f"the transaction was lost: {type(error).__name__}"))
    told.__cause__ = error
    return told


def _deliver(jobs: list[_Job]) -> None:
    for job in jobs:
        if job.future.cancelled():
            continue
        if job.error is not None:
            job.future.set_exception(job.error)
        else:
            job.future.set_result(job.result)
