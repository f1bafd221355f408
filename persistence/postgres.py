"""PostgreSQL as the store, through SQLAlchemy's asyncio and asyncpg: only servers that use it import this."""

import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from persistence.dialect import driver_url
from persistence.migrations import migrate
from persistence.postgres_appending import PostgresAppender
from persistence.postgres_asking import PostgresAsker
from persistence.questions import Question

__all__ = ["Postgres"]

T = TypeVar("T")

CONNECT_SECONDS = 5
COMMAND_SECONDS = 30
"""A server that does not answer at all (a cut line, a frozen one) must not hold a room's commits for ever."""
RESTED_SECONDS = 15.0
"""A connection that nobody has used for so long is tried before its next use: a firewall may have forgotten it."""
PUT_BACK_AT = "put back at"


class Postgres:
    """A pool of connections; `connections` is the most."""

    def __init__(self, url: str, connections: int) -> None:
        self._url = url
        self._engine: AsyncEngine = create_async_engine(
            driver_url(url),
            pool_size=connections,
            max_overflow=0,
            pool_timeout=30,
            connect_args={"timeout": CONNECT_SECONDS, "command_timeout": COMMAND_SECONDS},
        )
        event.listen(self._engine.sync_engine, "checkin", _put_back)
        event.listen(self._engine.sync_engine, "checkout", self._take_out)
        self._readers = self._engine.execution_options(isolation_level="REPEATABLE READ")
        self._asker = PostgresAsker(self._engine)
        self.appender = PostgresAppender(self._engine)

    async def read(self, work: Callable[[Connection], T]) -> T:
        async with self._readers.connect() as connection:
            return await connection.run_sync(work)

    async def ask(self, question: Question, values: dict[str, Any]) -> Sequence[tuple[Any, ...]]:
        return await self._asker.ask(question, values)

    async def write(self, work: Callable[[Connection], T]) -> T:
        async with self._engine.begin() as connection:
            return await connection.run_sync(work)

    async def migrate(self) -> None:
        # A connection without a time limit: another node may be at it for long, and some changes take long.
        engine = create_async_engine(driver_url(self._url), poolclass=NullPool)
        async with engine.begin() as connection:
            await connection.run_sync(migrate)

    async def close(self) -> None:
        await self._asker.close()
        await self._engine.dispose()

    # Private.

    def _take_out(self, connection: Any, record: Any, _: object) -> None:
        """Replace a connection that was lost. The driver hears of that by itself: a ping before each use, which costs
        three round trips in SQLAlchemy, finds nothing more."""
        if connection.driver_connection.is_closed():
            raise DisconnectionError("the server has closed it")
        if time.monotonic() - record.info.get(PUT_BACK_AT, time.monotonic()) > RESTED_SECONDS:
            try:
                self._engine.dialect.do_ping(connection)
            except Exception as error:
                raise DisconnectionError("it does not answer any more") from error


def _put_back(_: object, record: Any) -> None:
    record.info[PUT_BACK_AT] = time.monotonic()
