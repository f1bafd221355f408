"""One transaction on either kind of store, held open for as long as rows are carried."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Protocol, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.pool import NullPool

from persistence.dialect import driver_url, is_sqlite, prepare_sqlite, raise_translated, unavailable
from persistence.transfer.errors import TransferRefused

__all__ = ["Hold", "holding"]

T = TypeVar("T")

BUSY_SECONDS = 2.0


class Hold(Protocol):
    async def run(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in the transaction. Raises StoreUnavailable."""
        ...


@asynccontextmanager
async def holding(url: str, *, writes: bool = False, alone: bool = False) -> AsyncIterator[Hold]:
    """One picture of the store or, with `writes`, changes that are committed together at the end of the block.

    alone: nobody else may have the store open, nor write to it meanwhile. Raises TransferRefused, StoreUnavailable.
    """
    if is_sqlite(url):
        held = _holding_sqlite(url, writes=writes, alone=alone)
    else:
        from persistence.transfer.holding_postgres import holding_postgres  # noqa: PLC0415 - as in `Database.open`

        held = holding_postgres(url, writes=writes, alone=alone)
    async with held as hold:
        yield hold


class _Sqlite:
    """Its calls wait for the disk, in a thread of their own."""

    def __init__(self, thread: ThreadPoolExecutor, connection: Connection) -> None:
        self._thread = thread
        self._connection = connection

    async def run(self, work: Callable[[Connection], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work, self._connection)
        except Exception as error:  # noqa: BLE001 - translated at the border; what is not the store's fault passes unchanged
            raise_translated(error)


@asynccontextmanager
async def _holding_sqlite(url: str, *, writes: bool, alone: bool) -> AsyncIterator[Hold]:
    _look_for_file(url, writes=writes)
    engine = create_engine(driver_url(url), poolclass=NullPool)
    if alone:
        _keep_others_out(engine)
    else:
        prepare_sqlite(engine, busy_seconds=BUSY_SECONDS, begin="BEGIN IMMEDIATE" if writes else "BEGIN")
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(1, "carrying rows") as thread:
        try:
            connection = await loop.run_in_executor(thread, engine.connect)
        except Exception as error:
            if alone and unavailable(error) is not None:
                raise TransferRefused("a server or another program has this store open: stop it first") from error
            raise_translated(error)
        hold = _Sqlite(thread, connection)
        try:
            await hold.run(_look)
            yield hold
            if writes:
                await hold.run(Connection.commit)
        finally:
            await loop.run_in_executor(thread, connection.close)


def _look_for_file(url: str, *, writes: bool) -> None:
    path = Path(driver_url(url).database or "")
    if writes:
        path.parent.mkdir(parents=True, exist_ok=True)
    elif not path.is_file():  # else SQLite would make one
        raise TransferRefused(f"there is no store at {path}")


def _look(connection: Connection) -> None:
    """The picture that a transaction of SQLite sees is the one of its first read."""
    connection.execute(text("SELECT count(*) FROM sqlite_master")).scalar()


def _keep_others_out(engine: Engine) -> None:
    """SQLite leaves its write-ahead log only for who has the file alone, and enters it only so.

    While a picture is held then, no server can start.
    """

    def on_connect(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None
        try:
            connection.execute("PRAGMA busy_timeout = 100").close()
            connection.execute("PRAGMA journal_mode = DELETE").close()
        except BaseException:
            connection.close()  # else it is open for as long as the error is remembered
            raise

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
