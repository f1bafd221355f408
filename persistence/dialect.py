"""Where SQLite and PostgreSQL differ: addresses, connections, and which of their errors mean "try again"."""

import sqlite3
import time
from typing import Any, NoReturn

from sqlalchemy import Engine, String, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from persistence.errors import StoreUnavailable, Unstorable

__all__ = [
    "driver_url",
    "is_sqlite",
    "json_text",
    "members_of",
    "prepare_sqlite",
    "raise_translated",
    "unavailable",
    "utc_day",
]

SQLITE_BUSY, SQLITE_LOCKED, SQLITE_READONLY, SQLITE_IOERR = 5, 6, 8, 10
SQLITE_FULL, SQLITE_CANTOPEN, SQLITE_PROTOCOL = 13, 14, 15
PASSING_SQLITE = frozenset(
    {SQLITE_BUSY, SQLITE_LOCKED, SQLITE_READONLY, SQLITE_IOERR, SQLITE_FULL, SQLITE_CANTOPEN, SQLITE_PROTOCOL}
)
PASSING_SQLSTATES = ("08", "25006", "40001", "40P01", "53", "55P03", "57")
"""Connection, read-only (a failover), serialisation, deadlock, resources, lock, operator (shutdown, cancel)."""

CHECKPOINT_PAGES = 4_000
"""A commit that fills the write-ahead log up to here folds it back, and keeps all that follow waiting meanwhile; mostly
the writer does so before, when it is idle. SQLite's own 1,000 pages cost a fifth more CPU under load."""
JOURNAL_BYTES = 64 << 20
"""What the log's file is cut to after it had to grow."""

DATA_SQLSTATE, INTEGRITY_SQLSTATE = "22", "23"


def is_sqlite(url: str) -> bool:
    return make_url(url).get_backend_name() == "sqlite"


def driver_url(url: str) -> URL:
    """The address with the driver that we use: sqlite3 or asyncpg. Raises ValueError for any other store."""
    parsed = make_url("postgresql" + url.removeprefix("postgres") if url.startswith("postgres:") else url)
    backend, drivers = parsed.get_backend_name(), {"sqlite": "sqlite+pysqlite", "postgresql": "postgresql+asyncpg"}
    if backend not in drivers:
        raise ValueError(f"the store must be sqlite or postgresql, not {backend}")
    return parsed.set(drivername=drivers[backend])


def prepare_sqlite(engine: Engine, *, busy_seconds: float, begin: str) -> None:
    """Write-ahead log, durable commits, foreign keys; transactions begin when we say so, and as `begin` says."""

    def on_connect(connection: Any, _: object) -> None:
        connection.isolation_level = None  # else the driver begins and commits by itself
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {int(busy_seconds * 1000)}")
        _use_wal(cursor, busy_seconds)
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        cursor.execute(f"PRAGMA journal_size_limit = {JOURNAL_BYTES}")
        cursor.close()

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))


def _use_wal(cursor: Any, busy_seconds: float) -> None:
    """The mode is kept in the file; the one switch to it needs the file alone, and SQLite does not wait for that."""
    give_up_at = time.monotonic() + busy_seconds
    while True:
        cursor.execute("PRAGMA journal_mode")
        if cursor.fetchone()[0] == "wal":
            return
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() >= give_up_at:
                raise
            time.sleep(0.01)  # only ever in the writer's thread: readers come after the first migration


def unavailable(error: BaseException) -> StoreUnavailable | None:
    """The error as StoreUnavailable when trying again may help; None when it is a fault of ours."""
    if isinstance(error, StoreUnavailable):
        return error
    if isinstance(error, OSError | PoolTimeout):
        return StoreUnavailable(f"the store cannot be reached: {type(error).__name__}")
    if isinstance(error, sqlite3.OperationalError):
        return _sqlite(error)
    if not isinstance(error, DBAPIError):
        return _asyncpg(error)
    if error.connection_invalidated:
        return StoreUnavailable("the connection to the store was lost")
    if isinstance(error.orig, sqlite3.Error):
        return _sqlite(error.orig)
    state = str(getattr(error.orig, "sqlstate", None) or "")
    if state.startswith(PASSING_SQLSTATES) or (not state and isinstance(error, InterfaceError | OperationalError)):
        return StoreUnavailable(f"the store refuses for now ({state or type(error.orig).__name__})")
    return None


def raise_translated(error: Exception) -> NoReturn:
    """Raise StoreUnavailable when trying again may help, Unstorable for a value it cannot hold, else the error."""
    translated = unavailable(error) or _unstorable(error)
    if translated is None or translated is error:
        raise error
    raise translated from error


def _unstorable(error: Exception) -> Unstorable | None:
    if isinstance(error, sqlite3.IntegrityError):  # the driver's own, of the log: SQLAlchemy wraps those of others
        return Unstorable(f"the store cannot hold a row: {error}")
    state = _sqlstate(error)
    if state is not None and state.startswith((DATA_SQLSTATE, INTEGRITY_SQLSTATE)):
        return Unstorable(f"the store cannot hold a row ({state})")
    state = _sqlstate(getattr(error, "orig", None)) or ""
    return Unstorable(f"the store cannot represent a value ({state})") if state.startswith(DATA_SQLSTATE) else None


def _asyncpg(error: BaseException) -> StoreUnavailable | None:
    """An error of the driver itself, which the log uses without SQLAlchemy. Its own misgivings have no SQLSTATE."""
    if not type(error).__module__.startswith("asyncpg."):
        return None
    state = _sqlstate(error)
    passing = state is None or state.startswith(PASSING_SQLSTATES)
    return StoreUnavailable(f"the store refuses for now ({state or type(error).__name__})") if passing else None


def _sqlstate(error: object) -> str | None:
    state = getattr(error, "sqlstate", None)
    return None if state is None else str(state)


def _sqlite(error: sqlite3.Error) -> StoreUnavailable | None:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return StoreUnavailable(str(error)) if code in PASSING_SQLITE else None


class utc_day(FunctionElement[str]):  # noqa: N801 - a function of SQL, and written like one
    """The day of a moment in UTC, such as `2026-11-23`."""

    type = String()
    inherit_cache = True


@compiles(utc_day, "sqlite")
def _sqlite_day(element: utc_day, compiler: SQLCompiler, **given: Any) -> str:
    return f"substr({compiler.process(element.clauses, **given)}, 1, 10)"  # moments are kept as text, in UTC


@compiles(utc_day, "postgresql")
def _postgres_day(element: utc_day, compiler: SQLCompiler, **given: Any) -> str:
    return f"to_char({compiler.process(element.clauses, **given)} AT TIME ZONE 'UTC', 'YYYY-MM-DD')"


class members_of(FunctionElement[str]):  # noqa: N801 - a function of SQL, and written like one
    """The members of a JSON array of strings, for `column.op("IN")(..)`: one statement for any number of them."""

    type = String()
    inherit_cache = True


@compiles(members_of, "sqlite")
def _sqlite_members(element: members_of, compiler: SQLCompiler, **given: Any) -> str:
    return f"(SELECT value FROM json_each({compiler.process(element.clauses, **given)}))"  # noqa: S608 - a bound value


@compiles(members_of, "postgresql")
def _postgresql_members(element: members_of, compiler: SQLCompiler, **given: Any) -> str:
    array = compiler.process(element.clauses, **given)
    return f"(SELECT json_array_elements_text(CAST({array} AS json)))"


class json_text(FunctionElement[str]):  # noqa: N801 - a function of SQL, and written like one
    """A text that is JSON, for a column of JSON: it is kept to the letter."""

    type = String()
    inherit_cache = True


@compiles(json_text, "sqlite")
def _sqlite_json(element: json_text, compiler: SQLCompiler, **given: Any) -> str:
    return compiler.process(element.clauses, **given)


@compiles(json_text, "postgresql")
def _postgresql_json(element: json_text, compiler: SQLCompiler, **given: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **given)} AS json)"
