"""A transaction on PostgreSQL that is held open while rows are carried."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from sqlalchemy import Connection, inspect, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from persistence.dialect import driver_url, raise_translated
from persistence.tables.nodes import nodes
from persistence.transfer.errors import TransferRefused

__all__ = ["holding_postgres"]

T = TypeVar("T")

CONNECT_SECONDS = 5
WATCH_SECONDS = 4.0
"""A node that lives counts up every three seconds."""


class _Postgres:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def run(self, work: Callable[[Connection], T]) -> T:
        try:
            return await self._connection.run_sync(work)
        except Exception as error:  # noqa: BLE001 - translated at the border; what is not the store's fault passes unchanged
            raise_translated(error)


@asynccontextmanager
async def holding_postgres(url: str, *, writes: bool, alone: bool) -> AsyncIterator[_Postgres]:
    """As `holding`. A statement may take as long as it takes: nobody waits for these rows."""
    engine = create_async_engine(driver_url(url), poolclass=NullPool, connect_args={"timeout": CONNECT_SECONDS})
    connection = engine.connect()
    try:
        connection = await connection.start()
    except Exception as error:  # noqa: BLE001 - translated at the border; what is not the store's fault passes unchanged
        raise_translated(error)
    hold = _Postgres(connection)
    try:
        if alone:
            await _keep_others_out(hold)
        elif not writes:
            await hold.run(_one_picture)
        yield hold
        if writes:
            await hold.run(Connection.commit)
    finally:
        await connection.close()


def _one_picture(connection: Connection) -> None:
    connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))


async def _keep_others_out(hold: _Postgres) -> None:
    """No node counts up, and none can write its row: a server that starts meanwhile waits, and gives up."""
    before = await hold.run(_beats)
    await hold.run(Connection.rollback)
    if before:
        await asyncio.sleep(WATCH_SECONDS)
    await hold.run(lambda connection: _lock(connection, before))


def _lock(connection: Connection, before: dict[str, int]) -> None:
    connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
    if not inspect(connection).has_table(nodes.name):
        return
    connection.execute(text("LOCK TABLE nodes, document_heads, streams IN SHARE MODE"))
    if any(beat != before.get(node) for node, beat in _beats(connection).items()):
        raise TransferRefused("a server runs on this store; stop it first, so that nothing is written meanwhile")


def _beats(connection: Connection) -> dict[str, int]:
    if not inspect(connection).has_table(nodes.name):
        return {}
    return {row.id: row.beat for row in connection.execute(select(nodes.c.id, nodes.c.beat))}
