"""Redis 6 and later, and Valkey: what INFO tells, and the slow log."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, TypeVar, cast

from redis.asyncio import Redis
from redis.asyncio.connection import Connection, ConnectionPool, RedisSSLContext, SSLConnection
from redis.exceptions import AuthenticationError, NoPermissionError, RedisError, ResponseError
from redis.exceptions import ConnectionError as LineError
from redis.exceptions import TimeoutError as SlowError

from server.clock import Clock
from server.errors import SourceRefused, SourceSlow, SourceUnreachable
from server.sources.dialling import Dialler
from server.sources.probe import Fact, Probe, Reading, Target
from server.sources.probes.lines import FIRST, Since, connected, put_share, tls_context

__all__ = ["open_probe"]

SECONDS = 3.0
PORT = 6379
GAUGES = {
    "connected_clients": "connections",
    "used_memory": "memory_used",
    "mem_fragmentation_ratio": "fragmentation_ratio",
    "blocked_clients": "blocked_clients",
}
COUNTERS = {
    "total_commands_processed": "throughput",
    "evicted_keys": "evictions",
    "expired_keys": "expirations",
    "rejected_connections": "rejected_connections",
}
SETTINGS = ("maxmemory", "maxmemory-policy", "maxclients", "appendonly", "save", "slowlog-log-slower-than", "timeout")

T = TypeVar("T")


def open_probe(target: Target, dialler: Dialler, clock: Clock) -> Probe:
    return RedisProbe(target, dialler, clock)


class RedisProbe:
    def __init__(self, target: Target, dialler: Dialler, clock: Clock) -> None:
        self._target = target
        self._dialler = dialler
        self._clock = clock
        self._client: Redis | None = None
        self._since = Since()

    async def read(self) -> Reading:
        return await self._guarded(self._read)

    async def examine(self) -> Sequence[Fact]:
        return await self._guarded(self._examine)

    async def close(self) -> None:
        client, self._client = self._client, None
        self._since = Since()
        if client is not None:
            with suppress(OSError, RedisError, TimeoutError):
                await client.aclose()
                await client.connection_pool.disconnect()

    async def _guarded(self, work: Callable[[Redis], Awaitable[T]]) -> T:
        try:
            async with asyncio.timeout(3 * SECONDS):
                return await work(await self._connected())
        except (SlowError, TimeoutError):
            await self.close()
            raise SourceSlow(f"It did not answer a question within {SECONDS:g} seconds.") from None
        except (AuthenticationError, NoPermissionError) as error:
            await self.close()
            raise SourceRefused(f"It does not let us in: {error}") from None
        except (OSError, RedisError) as error:
            await self.close()
            raise SourceUnreachable(f"It broke off: {str(error) or type(error).__name__}") from None

    async def _connected(self) -> Redis:
        if self._client is None:
            target = self._target
            self._client = await connected(self._dialler, target.host, target.port or PORT, self._connect)
        return self._client

    async def _connect(self, address: str) -> Redis:
        target = self._target
        kind: type[Connection] = Connection
        if target.use_encryption:
            kind = _encrypted(tls_context(target.host, target.options))
        pool: ConnectionPool = ConnectionPool(
            connection_class=kind,
            max_connections=1,
            host=address,
            port=target.port or PORT,
            username=target.username,
            password=target.password,
            db=int(target.database_name or 0),
            socket_timeout=SECONDS,
            client_name="counterpoint",
            decode_responses=True,
            protocol=2,  # one shape of answers, whatever the age of the server
        )
        client = Redis(connection_pool=pool)
        try:
            await client.ping()
        except (AuthenticationError, NoPermissionError, ResponseError) as error:
            await pool.disconnect()
            raise SourceRefused(f"It does not let us in: {error}") from None
        except LineError as error:
            await pool.disconnect()
            if isinstance(error.__cause__, OSError):
                raise error.__cause__ from None
            raise OSError(str(error)) from None
        return client

    async def _read(self, client: Redis) -> Reading:
        began = self._clock.monotonic()
        await client.ping()
        seconds = self._clock.monotonic() - began
        info: Mapping[str, Any] = await client.info()
        values: dict[str, float] = {"up": 1.0, "response_time": 1000 * seconds}
        missing: dict[str, str] = {}
        for theirs, ours in (GAUGES | COUNTERS).items():
            if theirs in info:
                values[ours] = float(info[theirs])
            else:
                missing[ours] = f"This server does not tell {theirs}."
        values["keys"] = float(_keys(info, self._target.database_name))
        await self._limits(client, info, values, missing)
        self._shares(info, values, missing)
        _lag(info, values, missing)
        return Reading(values, missing)

    async def _limits(
        self, client: Redis, info: Mapping[str, Any], values: dict[str, float], missing: dict[str, str]
    ) -> None:
        most = info.get("maxclients")
        if most is None:
            with suppress(NoPermissionError, ResponseError):
                most = (await client.config_get("maxclients")).get("maxclients")
        if most:
            values["connections_usage"] = 100 * float(info["connected_clients"]) / float(most)
        else:
            missing["connections_usage"] = "This server does not tell the limit of its connections (maxclients)."
        whole = float(info.get("maxmemory") or 0) or float(info.get("total_system_memory") or 0)
        if whole:
            values["memory_usage"] = 100 * float(info["used_memory"]) / whole
        else:
            missing["memory_usage"] = "It has no maxmemory, and does not tell the memory of its machine."

    def _shares(self, info: Mapping[str, Any], values: dict[str, float], missing: dict[str, str]) -> None:
        counted = {
            name: float(info[name])
            for name in ("total_commands_processed", "total_error_replies", "keyspace_hits", "keyspace_misses")
            if name in info
        } | {"cpu": float(info["used_cpu_sys"]) + float(info["used_cpu_user"]), "at": self._clock.monotonic()}
        grown = self._since.grown(counted)
        if "total_error_replies" in counted:
            put_share((values, missing), "error_rate", grown, ["total_error_replies"], ["total_commands_processed"])
        else:
            missing["error_rate"] = "It is counted from Redis 6.2 on."
        hits, misses = "keyspace_hits", "keyspace_misses"
        put_share((values, missing), "cache_hit_ratio", grown, [hits], [hits, misses])
        if grown is None or grown["at"] <= 0:
            missing["cpu_usage"] = FIRST
        else:
            values["cpu_usage"] = 100 * grown["cpu"] / grown["at"]

    async def _examine(self, client: Redis) -> Sequence[Fact]:
        facts = [await self._fact("memory", "INFO", client.info, _of_memory)]
        facts.append(await self._fact("settings", "CONFIG GET " + " ".join(SETTINGS), lambda: _config(client), list))
        facts.append(await self._fact("slow_commands", "SLOWLOG GET 50", lambda: client.slowlog_get(50), _slow))
        return facts

    async def _fact(self, name: str, query: str, ask: Any, rows: Any) -> Fact:
        now = self._clock.now()
        try:
            return Fact(name, query, rows(await ask()), now)
        except (NoPermissionError, ResponseError) as error:
            return Fact(name, query, [], now, str(error))


def _encrypted(context: Any) -> type[Connection]:
    class Encrypted(SSLConnection):
        """TLS with the name of the host, though the line goes to an address."""

        def __init__(self, **given: Any) -> None:
            super().__init__(**given)
            self.ssl_context = cast("RedisSSLContext", _Given(context))

    return Encrypted


class _Given:
    """What SSLConnection asks for its context."""

    def __init__(self, context: Any) -> None:
        self._context = context

    def get(self) -> Any:
        return self._context


def _keys(info: Mapping[str, Any], database: str | None) -> int:
    """Of the database that is named, or of all."""
    named = [f"db{database}"] if database else [name for name in info if name.startswith("db") and name[2:].isdecimal()]
    return sum(info[name]["keys"] for name in named if isinstance(info.get(name), dict))


def _lag(info: Mapping[str, Any], values: dict[str, float], missing: dict[str, str]) -> None:
    if info.get("role") == "slave":
        if info.get("master_link_status") == "up":
            values["replication_lag"] = float(info["master_last_io_seconds_ago"])
        else:
            missing["replication_lag"] = "Its line to the primary is down."
        return
    replicas = [each for name, each in info.items() if name.startswith("slave") and isinstance(each, dict)]
    if replicas:
        values["replication_lag"] = max(float(each.get("lag", 0)) for each in replicas)
    else:
        missing["replication_lag"] = "It is no replica, and has none."


def _of_memory(info: Mapping[str, Any]) -> list[dict[str, Any]]:
    names = (
        "redis_version", "uptime_in_seconds", "used_memory", "used_memory_rss", "maxmemory", "maxmemory_policy",
        "mem_fragmentation_ratio", "evicted_keys", "aof_enabled", "rdb_last_save_time", "rdb_last_bgsave_status",
    )  # fmt: skip
    return [{name: info[name] for name in names if name in info}]


async def _config(client: Redis) -> list[dict[str, Any]]:
    found: Mapping[Any, Any] = await client.config_get(*SETTINGS)
    return [dict(found)]


def _slow(entries: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The command's name and how much it was given, not with what: arguments may be anybody's data."""
    rows = []
    for entry in entries:
        said = entry.get("command", b"")
        words = (said.decode(errors="replace") if isinstance(said, bytes) else str(said)).split(" ")
        row = {"microseconds": entry["duration"], "at": entry["start_time"]}
        rows.append({**row, "command": words[0], "arguments": len(words) - 1})
    return rows
