"""Stores that have all tables, made once in a process and copied: most tests need one, and few need the migrations."""

import asyncio
import tempfile
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from persistence.database import Database

__all__ = ["migrate", "migrated_sqlite", "run"]


def run(work: Coroutine[object, object, None]) -> None:
    """To its end, in a loop of its own: the test that asks first may already run in one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


async def migrate(url: str) -> None:
    database = await Database.open(url)
    await database.migrate()
    await database.close()


@cache
def migrated_sqlite() -> bytes:
    """What is in the file of an SQLite store that was just migrated."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store"
        run(migrate(f"sqlite:///{path}"))
        return path.read_bytes()
