"""MySQL 8 and MariaDB 10.5 and later, as a user with PROCESS and REPLICATION CLIENT sees them."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, TypeVar

import asyncmy
from asyncmy.cursors import DictCursor
from asyncmy.errors import MySQLError, OperationalError

from server.clock import Clock
from server.errors import SourceRefused, SourceSlow, SourceUnreachable
from server.sources.dialling import Dialler
from server.sources.probe import Fact, Probe, Reading, Target
from server.sources.probes.lines import Since, connected, put_share, tls_context

__all__ = ["open_probe"]

PORT = 3306
SECONDS = 3.0
"""For one question; the server itself ends a SELECT after 2."""
ACCESS_DENIED = frozenset({1044, 1045, 1049, 1130, 1251, 1698, 1862, 2059})
TOO_MANY = frozenset({1040, 1203, 1226})
TOO_LONG = frozenset({1969, 3024, 1205})
NO_RIGHT = frozenset({1142, 1143, 1227, 1370})
STATUS = "SHOW GLOBAL STATUS"
QUERIES = """\
SELECT coalesce(max(time), 0) AS longest_query FROM information_schema.processlist
WHERE command = 'Query' AND id <> connection_id()"""
TRANSACTIONS = """\
SELECT coalesce(max(timestampdiff(second, trx_started, now())), 0) AS longest_transaction
FROM information_schema.innodb_trx"""
SIZE = """\
SELECT coalesce(sum(data_length + index_length), 0) AS bytes FROM information_schema.tables
WHERE table_schema = coalesce(database(), table_schema)"""
LIMIT = "SELECT @@global.max_connections AS max_connections"
FACTS: Mapping[str, str] = {
    "settings": "SHOW GLOBAL VARIABLES WHERE variable_name IN ('version', 'max_connections', 'slow_query_log', "
    "'long_query_time', 'innodb_buffer_pool_size', 'tmp_table_size', 'max_heap_table_size', 'performance_schema')",
    "unused_indexes": "SELECT object_schema AS `schema`, object_name AS `table`, index_name AS `index` "
    "FROM sys.schema_unused_indexes LIMIT 100",
    "duplicate_indexes": "SELECT table_schema AS `schema`, table_name AS `table`, redundant_index_name AS `index`, "
    "dominant_index_name AS same_as FROM sys.schema_redundant_indexes LIMIT 100",
    "statements": "SELECT schema_name AS `schema`, digest_text AS query, count_star AS calls, "
    "sum_timer_wait / 1e9 AS total_ms, avg_timer_wait / 1e9 AS mean_ms, sum_no_index_used AS without_index "
    "FROM performance_schema.events_statements_summary_by_digest ORDER BY sum_timer_wait DESC LIMIT 50",
    "tables": "SELECT table_schema AS `schema`, table_name AS `table`, table_rows AS `rows`, "
    "data_length + index_length AS bytes, data_free AS free_bytes FROM information_schema.tables "
    "WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('mysql', 'sys') "
    "ORDER BY data_length + index_length DESC LIMIT 200",
}
T = TypeVar("T")


def open_probe(target: Target, dialler: Dialler, clock: Clock) -> Probe:
    return MysqlProbe(target, dialler, clock)


class MysqlProbe:
    def __init__(self, target: Target, dialler: Dialler, clock: Clock) -> None:
        self._target = target
        self._dialler = dialler
        self._clock = clock
        self._connection: Any = None
        self._since = Since()

    async def read(self) -> Reading:
        return await self._guarded(self._read)

    async def examine(self) -> Sequence[Fact]:
        return await self._guarded(self._examine)

    async def close(self) -> None:
        connection, self._connection = self._connection, None
        self._since = Since()
        if connection is not None:
            with suppress(OSError, MySQLError):
                connection.close()

    async def _guarded(self, work: Callable[[], Awaitable[T]]) -> T:
        try:
            if self._connection is None:
                target = self._target
                self._connection = await connected(self._dialler, target.host, target.port or PORT, self._connect)
            return await work()
        except TimeoutError:
            await self.close()
            raise SourceSlow(f"It did not answer a question within {SECONDS:g} seconds.") from None
        except MySQLError as error:
            await self.close()
            raise _told(error) from None
        except OSError as error:
            await self.close()
            raise SourceUnreachable(f"It broke off: {error}") from None

    async def _connect(self, address: str) -> Any:
        target = self._target
        try:
            connection = await asyncmy.connect(
                host=address,
                port=target.port or PORT,
                user=target.username or "root",
                password=target.password or "",
                database=target.database_name,
                ssl=tls_context(target.host, target.options) if target.use_encryption else None,
                charset="utf8mb4",
                autocommit=True,
                read_timeout=SECONDS,
                program_name="counterpoint",
                cursor_cls=DictCursor,
            )
        except OperationalError as error:
            if _code(error) in ACCESS_DENIED | TOO_MANY:
                raise _told(error) from None
            raise OSError(str(error.args[-1])) from None
        await self._guards(connection)
        return connection

    async def _guards(self, connection: Any) -> None:
        """The first that the server knows: MariaDB counts seconds, MySQL milliseconds."""
        async with connection.cursor() as cursor:
            await cursor.execute("SET SESSION lock_wait_timeout = 1")
            for guard in ("max_statement_time = 2", "max_execution_time = 2000"):
                with suppress(MySQLError):
                    await cursor.execute(f"SET SESSION {guard}")
                    break
            await cursor.execute("SET SESSION TRANSACTION READ ONLY")

    async def _rows(self, query: str) -> list[dict[str, Any]]:
        async with asyncio.timeout(SECONDS), self._connection.cursor() as cursor:
            await cursor.execute(query)
            return [{name.lower(): value for name, value in row.items()} for row in await cursor.fetchall()]

    async def _read(self) -> Reading:
        values: dict[str, float] = {"up": 1.0}
        missing: dict[str, str] = {}
        began = self._clock.monotonic()
        [limit] = await self._rows(LIMIT)
        values["response_time"] = 1000 * (self._clock.monotonic() - began)
        status = {row["variable_name"].lower(): row["value"] for row in await self._rows(STATUS)}
        self._of_status(status, float(limit["max_connections"]), values, missing)
        for query, names in (
            (QUERIES, ("longest_query",)),
            (TRANSACTIONS, ("longest_transaction",)),
            (SIZE, ("database_size",)),
        ):
            await self._some(query, names, values, missing)
        await self._lag(values, missing)
        return Reading(values, missing)

    async def _some(self, query: str, names: Sequence[str], values: dict[str, float], missing: dict[str, str]) -> None:
        try:
            [row] = await self._rows(query)
        except MySQLError as error:
            if _code(error) not in NO_RIGHT | TOO_LONG:
                raise
            missing |= dict.fromkeys(names, f"{error.args[-1]}")
        else:
            values |= dict(zip(names, map(float, row.values()), strict=True))

    def _of_status(
        self, status: Mapping[str, str], most: float, values: dict[str, float], missing: dict[str, str]
    ) -> None:
        values["throughput"] = float(status["questions"])
        values["connections"] = float(status["threads_connected"])
        values["connections_usage"] = 100 * values["connections"] / max(1.0, most)
        values["active_queries"] = max(0.0, float(status["threads_running"]) - 1)  # one is ours
        values["waiting_on_locks"] = float(status["innodb_row_lock_current_waits"])
        values["slow_queries"] = float(status["slow_queries"])
        values["temporary_disk_tables"] = float(status["created_tmp_disk_tables"])
        names = ("handler_commit", "handler_rollback", "innodb_buffer_pool_reads", "innodb_buffer_pool_read_requests")
        counted = {name: float(status.get(name, 0)) for name in names}
        commits, rollbacks, reads, requests = names
        counted["hits"] = counted[requests] - counted[reads]
        grown = self._since.grown(counted)
        put_share((values, missing), "error_rate", grown, [rollbacks], [commits, rollbacks])
        put_share((values, missing), "cache_hit_ratio", grown, ["hits"], [requests])

    async def _lag(self, values: dict[str, float], missing: dict[str, str]) -> None:
        rows: list[dict[str, Any]] = []
        for query in ("SHOW REPLICA STATUS", "SHOW SLAVE STATUS"):
            try:
                rows = await self._rows(query)
                break
            except MySQLError as error:
                missing["replication_lag"] = f"{error.args[-1]}"
        else:
            return
        missing.pop("replication_lag", None)
        if not rows:
            missing["replication_lag"] = "It is no replica."
            return
        lag = rows[0].get("seconds_behind_source", rows[0].get("seconds_behind_master"))
        if lag is None:
            missing["replication_lag"] = "It does not replicate at present."
        else:
            values["replication_lag"] = float(lag)

    async def _examine(self) -> Sequence[Fact]:
        facts = []
        for name, query in FACTS.items():
            now = self._clock.now()
            try:
                facts.append(Fact(name, query, await self._rows(query), now))
            except MySQLError as error:
                facts.append(Fact(name, query, [], now, f"{error.args[-1]}"))
        return facts


def _code(error: BaseException) -> int:
    return error.args[0] if error.args and isinstance(error.args[0], int) else 0


def _told(error: MySQLError) -> SourceUnreachable:
    said = str(error.args[-1]) if error.args else type(error).__name__
    if _code(error) in ACCESS_DENIED:
        return SourceRefused(f"It does not let us in: {said}")
    if _code(error) in TOO_MANY:
        return SourceRefused(f"It has no connection left for us: {said}")
    if _code(error) in TOO_LONG:
        return SourceSlow(f"It gave a question up after 2 seconds: {said}")
    return SourceUnreachable(f"It broke off: {said}")
