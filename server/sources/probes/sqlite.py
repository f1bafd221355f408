"""A SQLite file of this machine, opened for reading only."""

import asyncio
import shutil
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from server.clock import Clock
from server.errors import SourceRefused, SourceSlow, SourceUnreachable
from server.sources.dialling import Dialler
from server.sources.probe import Fact, Probe, Reading, Target

__all__ = ["open_probe"]

READ_SECONDS = 3.0
EXAMINE_SECONDS = 10.0
STEPS = 10_000
"""Of SQLite's machine, between two looks at the clock."""
FACTS = {
    "integrity": "PRAGMA quick_check(20)",
    "journal": "PRAGMA journal_mode",
    "auto_vacuum": "PRAGMA auto_vacuum",
    "statistics": "SELECT name FROM sqlite_schema WHERE name = 'sqlite_stat1'",
    "tables": "SELECT tbl_name AS 'table', count(*) FILTER (WHERE type = 'index') AS indexes FROM sqlite_schema "
    "WHERE type IN ('table', 'index') AND tbl_name NOT LIKE 'sqlite_%' GROUP BY tbl_name ORDER BY tbl_name LIMIT 200",
}
T = TypeVar("T")


def open_probe(target: Target, dialler: Dialler, clock: Clock) -> Probe:
    del dialler  # a file is reached by no network
    return SqliteProbe(Path(target.host), clock)


class SqliteProbe:
    """Opens the file for each question: one that was replaced is seen, and no lock is held in between."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock

    async def read(self) -> Reading:
        return await self._asked(READ_SECONDS, self._read)

    async def examine(self) -> Sequence[Fact]:
        now = self._clock.now()
        return await self._asked(EXAMINE_SECONDS, lambda connection: _facts(connection, now))

    async def close(self) -> None:
        """Nothing is open between two questions."""

    async def _asked(self, seconds: float, work: Callable[[sqlite3.Connection], T]) -> T:
        try:
            return await asyncio.to_thread(self._in_thread, seconds, work)
        except sqlite3.OperationalError as error:
            if "interrupted" in str(error) or "locked" in str(error):
                raise SourceSlow(f"The file did not answer within {seconds:g} seconds: {error}.") from None
            raise SourceUnreachable(f"The file cannot be read: {error}.") from None
        except sqlite3.DatabaseError as error:
            raise SourceUnreachable(f"The file cannot be read: {error}.") from None
        except PermissionError:
            raise SourceRefused("The server may not read the file.") from None
        except OSError as error:
            raise SourceUnreachable(f"The file cannot be read: {error.strerror or error}.") from None

    def _in_thread(self, seconds: float, work: Callable[[sqlite3.Connection], T]) -> T:
        deadline = time.monotonic() + seconds
        self._path.stat()
        uri = f"file:{quote(str(self._path))}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, timeout=0.2, isolation_level=None)) as connection:
            connection.set_progress_handler(lambda: time.monotonic() > deadline, STEPS)
            connection.execute("PRAGMA query_only = ON")
            return work(connection)

    def _read(self, connection: sqlite3.Connection) -> Reading:
        began = time.monotonic()
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        milliseconds = 1000 * (time.monotonic() - began)
        [size], [pages], [free] = (
            connection.execute(f"PRAGMA {name}").fetchone() for name in ("page_size", "page_count", "freelist_count")
        )
        disk = shutil.disk_usage(self._path)
        log = self._path.with_name(self._path.name + "-wal")
        return Reading(
            {
                "up": 1.0,
                "response_time": milliseconds,
                "disk_usage": 100 * disk.used / max(1, disk.used + disk.free),
                "database_size": float(size * pages),
                "free_pages_bytes": float(size * free),
                "wal_bytes": float(log.stat().st_size) if log.exists() else 0.0,
            }
        )


def _facts(connection: sqlite3.Connection, now: datetime) -> Sequence[Fact]:
    connection.row_factory = sqlite3.Row
    facts = []
    for name, query in FACTS.items():
        try:
            facts.append(Fact(name, query, [dict(row) for row in connection.execute(query)], now))
        except sqlite3.DatabaseError as error:
            facts.append(Fact(name, query, [], now, str(error)))
    return facts
