"""PostgreSQL as the store, through SQLAlchemy's asyncio and asyncpg: only servers that use it import this."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from persistence.dialect import driver_url
from persistence.migrations import migrate
from persistence.postgres_appending import PostgresAppender

__all__ = ["Postgres"]

T = TypeVar("T")

CONNECT_SECONDS = 5
COMMAND_SECONDS = 30
"""A server that does not answer at all (a cut line, a frozen one) must not hold a room's commits for ever."""


class Postgres:
    """A pool of connections; `connections` is the most."""

    def __init__(self, url: str, connections: int) -> None:
        self._url = url
        self._engine: AsyncEngine = create_async_engine(
            driver_url(url),
            pool_size=connections,
            max_overflow=0,
            pool_timeout=30,
            pool_pre_ping=True,
            connect_args={"timeout": CONNECT_SECONDS, "command_timeout": COMMAND_SECONDS},
        )
        self._readers = self._engine.execution_options(isolation_level="REPEATABLE READ")
        self.appender = PostgresAppender(self._engine)

    async def read(self, work: Callable[[Connection], T]) -> T:
        async with self._readers.connect() as connection:
            return await connection.run_sync(work)

    async def write(self, work: Callable[[Connection], T]) -> T:
        async with self._engine.begin() as connection:
            return await connection.run_sync(work)

    async def migrate(self) -> None:
        # A connection without a time limit: another node may be at it for long, and some changes take long.
        engine = create_async_engine(driver_url(self._url), poolclass=NullPool)
        async with engine.begin() as connection:
            await connection.run_sync(migrate)

    async def close(self) -> None:
        await self._engine.dispose()
