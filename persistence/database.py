"""The store: reads and writes as closures over a SQLAlchemy connection, on SQLite and PostgreSQL alike."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool, StaticPool

from persistence.appending import Appender
from persistence.dialect import driver_url, is_sqlite, prepare_sqlite, raise_translated
from persistence.fresh import Settler
from persistence.migrations import migrate
from persistence.questions import Question
from persistence.reading import ReaderThreads
from persistence.sqlite_appending import SqliteAppender
from persistence.writing import WriterThread

if TYPE_CHECKING:
    from persistence.postgres import Postgres

__all__ = ["Database"]

T = TypeVar("T")


class Database:
    """Open one with `Database.open`. Closures must not await, keep the connection, or swallow its errors."""

    def __init__(self, url: str, at: "_Sqlite | Postgres", appender: Appender) -> None:
        self.url = url
        self.appender = appender
        self._at = at

    @classmethod
    async def open(cls, url: str, *, busy_seconds: float = 2.0, connections: int = 10) -> "Database":
        """Connect lazily to `sqlite:///path` or `postgresql://…`; call `migrate` before anything else.

        busy_seconds: how long a locked SQLite file is waited for. connections: at most, to PostgreSQL.
        """
        if not is_sqlite(url):
            # 7 MB and a fifth of a second of SQLAlchemy's asyncio, which SQLite does without.
            from persistence.postgres import Postgres  # noqa: PLC0415

            postgres = Postgres(url, connections)
            return cls(url, postgres, postgres.appender)
        path = driver_url(url).database
        if path:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        reads = create_engine(driver_url(url), poolclass=NullPool)  # each thread keeps the one that it has
        prepare_sqlite(reads, busy_seconds=busy_seconds, begin="BEGIN")
        writes = create_engine(driver_url(url), poolclass=StaticPool, connect_args={"check_same_thread": False})
        prepare_sqlite(writes, busy_seconds=busy_seconds, begin="BEGIN IMMEDIATE")
        settler = Settler()
        writer = WriterThread(writes, settler)
        return cls(url, _Sqlite(ReaderThreads(reads), writer), SqliteAppender(writer, settler))

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a transaction that is never committed: it sees one picture. Raises StoreUnavailable."""
        try:
            return await self._at.read(work)
        except Exception as error:  # noqa: BLE001 - translated at the border; what is not the store's fault passes unchanged
            raise_translated(error)

    async def ask(self, question: Question, **values: Any) -> Sequence[tuple[Any, ...]]:
        """The rows of a question, of one moment. Raises StoreUnavailable."""
        try:
            return await self._at.ask(question, values)
        except Exception as error:  # noqa: BLE001 - translated at the border; what is not the store's fault passes unchanged
            raise_translated(error)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a transaction, all or nothing; return after the commit. Raises StoreUnavailable."""
        try:
            return await self._at.write(work)
        except Exception as error:  # noqa: BLE001 - translated at the border; what is not the store's fault passes unchanged
            raise_translated(error)

    async def migrate(self) -> None:
        """Bring the tables to this version, under a lock, so that nodes that start together do it once."""
        try:
            await self._at.migrate()
        except Exception as error:  # noqa: BLE001 - translated at the border; what is not the store's fault passes unchanged
            raise_translated(error)
        await self.appender.settle()  # what a process that was killed has left

    async def ping(self) -> float:
        """Ask the store something; the answer is how many seconds it took. Raises StoreUnavailable."""
        began = time.perf_counter()
        await self.read(lambda connection: connection.execute(text("SELECT 1")).scalar())
        return time.perf_counter() - began

    async def close(self) -> None:
        await self.appender.close()
        await self._at.close()


class _Sqlite:
    """Threads: SQLite has no network to wait for. Its write-ahead log gives every reader one picture."""

    def __init__(self, readers: ReaderThreads, writer: WriterThread) -> None:
        self.read = readers.run
        self.write = writer.run
        self._readers = readers
        self._writer = writer

    async def ask(self, question: Question, values: dict[str, Any]) -> Sequence[tuple[Any, ...]]:
        rows = await self.read(lambda connection: connection.execute(question.query, values).all())
        return [tuple(row) for row in rows]

    async def migrate(self) -> None:
        await self._writer.run(migrate)

    async def close(self) -> None:
        await self._writer.close()
        await self._readers.close()
