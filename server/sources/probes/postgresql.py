"""PostgreSQL 13 and later, as a user with `pg_monitor` sees it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any, TypeVar

import asyncpg

from server.clock import Clock
from server.errors import SourceRefused, SourceSlow, SourceUnreachable
from server.sources.dialling import Dialler
from server.sources.probe import Fact, Probe, Reading, Target
from server.sources.probes.lines import Since, connected, put_share, tls_context
from server.sources.probes.postgresql_queries import ACTIVITY, DATABASE, FACTS, REPLICATION, TABLES

__all__ = ["open_probe"]

SECONDS = 3.0
"""For one question; the server itself ends it after 2."""
GUARDS = {
    "application_name": "counterpoint",
    "statement_timeout": "2000",
    "lock_timeout": "200",
    "idle_in_transaction_session_timeout": "10000",
    "default_transaction_read_only": "on",
}
NO_RIGHT = "Sessions of others are hidden from this user: GRANT pg_monitor to it."
OF_ACTIVITY = ("active_queries", "idle_in_transaction", "longest_transaction", "longest_query", "waiting_on_locks")

T = TypeVar("T")


def open_probe(target: Target, dialler: Dialler, clock: Clock) -> Probe:
    return PostgresProbe(target, dialler, clock)


class PostgresProbe:
    def __init__(self, target: Target, dialler: Dialler, clock: Clock) -> None:
        self._target = target
        self._dialler = dialler
        self._clock = clock
        self._connection: asyncpg.Connection[Any] | None = None
        self._since = Since()

    async def read(self) -> Reading:
        return await self._guarded(self._read)

    async def examine(self) -> Sequence[Fact]:
        return await self._guarded(self._examine)

    async def close(self) -> None:
        connection, self._connection = self._connection, None
        self._since = Since()
        if connection is not None:
            with suppress(OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await connection.close(timeout=1)

    async def _guarded(self, work: Callable[["asyncpg.Connection[Any]"], Awaitable[T]]) -> T:
        try:
            return await work(await self._connected())
        except (asyncpg.QueryCanceledError, TimeoutError):
            await self.close()
            raise SourceSlow(f"PostgreSQL did not answer a question within {SECONDS:g} seconds.") from None
        except asyncpg.InsufficientPrivilegeError as error:
            await self.close()
            raise SourceRefused(f"PostgreSQL refused: {error}") from None
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError) as error:
            # The last is what the driver makes of a line that is lost in the middle of a transaction's end.
            await self.close()
            raise SourceUnreachable(f"PostgreSQL broke off: {error or type(error).__name__}") from None

    async def _connected(self) -> "asyncpg.Connection[Any]":
        if self._connection is None or self._connection.is_closed():
            target = self._target
            tls = tls_context(target.host, target.options) if target.use_encryption else False
            self._connection = await connected(
                self._dialler, target.host, target.port or 5432, lambda address: self._connect(address, tls)
            )
        return self._connection

    async def _connect(self, address: str, tls: Any) -> "asyncpg.Connection[Any]":
        target = self._target
        try:
            return await asyncpg.connect(
                host=address,
                port=target.port or 5432,
                user=target.username or "postgres",
                password=target.password or "",
                database=target.database_name or "postgres",
                ssl=tls,
                command_timeout=SECONDS,
                statement_cache_size=0,  # a pooler in between may know no prepared statements
                server_settings=GUARDS,
            )
        except (asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InvalidCatalogNameError) as error:
            raise SourceRefused(f"PostgreSQL does not let us in: {error}") from None
        except asyncpg.TooManyConnectionsError as error:
            raise SourceRefused(f"PostgreSQL has no connection left for us: {error}") from None
        except (asyncpg.PostgresError, asyncpg.InterfaceError, ConnectionError) as error:
            raise OSError(str(error) or type(error).__name__) from None

    async def _read(self, connection: "asyncpg.Connection[Any]") -> Reading:
        values: dict[str, float] = {"up": 1.0}
        missing: dict[str, str] = {}
        async with connection.transaction(readonly=True):
            began = self._clock.monotonic()
            await connection.fetchval("SELECT 1")
            values["response_time"] = 1000 * (self._clock.monotonic() - began)
            self._of_activity(await _one(connection, ACTIVITY), values, missing)
            self._of_database(await _one(connection, DATABASE), values, missing)
            _of_tables(await _one(connection, TABLES), values, missing)
            lag = await connection.fetchrow(REPLICATION)
        _put(values, missing, "replication_lag", lag["lag"] if lag else None, "It is no standby, and has none.")
        return Reading(values, missing)

    def _of_activity(self, row: Any, values: dict[str, float], missing: dict[str, str]) -> None:
        values["connections"] = float(row["connections"])
        values["connections_usage"] = 100 * row["connections"] / max(1, row["usable"])
        for name in OF_ACTIVITY:
            if row["hidden"]:
                missing[name] = NO_RIGHT
            else:
                values[name] = float(row[name] or 0)

    def _of_database(self, row: Any, values: dict[str, float], missing: dict[str, str]) -> None:
        commits, rollbacks = float(row["commits"]), float(row["rollbacks"])
        values["throughput"] = commits + rollbacks
        for name in ("deadlocks", "temporary_bytes", "transaction_ids_left"):
            values[name] = float(row[name])
        _put(values, missing, "database_size", row["size"], "This user may not CONNECT to the database.")
        counted = {"commits": commits, "rollbacks": rollbacks, "hits": float(row["hits"]), "reads": float(row["reads"])}
        grown = self._since.grown(counted)
        put_share((values, missing), "error_rate", grown, ["rollbacks"], ["commits", "rollbacks"])
        put_share((values, missing), "cache_hit_ratio", grown, ["hits"], ["hits", "reads"])

    async def _examine(self, connection: "asyncpg.Connection[Any]") -> Sequence[Fact]:
        facts = []
        for name, query in FACTS.items():
            now = self._clock.now()
            try:
                async with connection.transaction(readonly=True):
                    rows = await connection.fetch(query)
                facts.append(Fact(name, query, [dict(row) for row in rows], now))
            except asyncpg.QueryCanceledError:
                facts.append(Fact(name, query, [], now, "It took more than 2 seconds, and was given up."))
            except asyncpg.UndefinedTableError:
                facts.append(Fact(name, query, [], now, "The extension that has it is not installed here."))
            except asyncpg.InsufficientPrivilegeError as error:
                facts.append(Fact(name, query, [], now, f"{error}"))
            except asyncpg.ObjectNotInPrerequisiteStateError as error:  # not in shared_preload_libraries
                facts.append(Fact(name, query, [], now, f"{error}"))
            await asyncio.sleep(0)
        return facts


async def _one(connection: "asyncpg.Connection[Any]", query: str) -> Any:
    row = await connection.fetchrow(query)
    if row is None:
        raise SourceUnreachable("PostgreSQL gave no row where it always has one.")
    return row


def _of_tables(row: Any, values: dict[str, float], missing: dict[str, str]) -> None:
    rows = float(row["live"] or 0) + float(row["dead"] or 0)
    _put(values, missing, "dead_rows_ratio", 100 * float(row["dead"]) / rows if rows else None, "No table has a row.")


def _put(values: dict[str, float], missing: dict[str, str], name: str, value: Any, reason: str) -> None:
    if value is None:
        missing[name] = reason
    else:
        values[name] = float(value)
