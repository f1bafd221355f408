"""Where the server is, how it is spoken to, and which of a cluster's nodes carries what."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from redis.asyncio.connection import Connection, parse_url
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

__all__ = ["Address", "Node", "Servers", "connect", "read_url"]

CONNECT_SECONDS = 3.0
SLOTS = 16384
NOT_OURS = frozenset({"max_connections", "timeout"})
"""Of the URL, but of a pool, which we have not."""

Node = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Address:
    """A URL that was understood: redis://, rediss:// or unix://, with an ACL user and redis-py's query parameters."""

    kind: type[Connection]
    options: Mapping[str, Any]

    def connection(self, node: Node | None = None) -> Connection:
        """One that is not yet open, to the server of the URL or to this node of its cluster."""
        options = dict(self.options)
        if node is not None:
            options["host"], options["port"] = node
        return self.kind(**options)


@dataclass(frozen=True, slots=True)
class Servers:
    """The open connections, each with the slots that it carries; a single server has them all."""

    is_cluster: bool
    of_slots: tuple[tuple[Connection, tuple[tuple[int, int], ...]], ...]

    def connection_of(self, slot: int) -> Connection | None:
        for connection, ranges in self.of_slots:
            if any(first <= slot <= last for first, last in ranges):
                return connection
        return None

    async def close(self) -> None:
        for connection, _ in self.of_slots:
            await connection.disconnect(nowait=True)


def read_url(url: str) -> Address:
    """Raises ValueError, without the URL, which may have a password."""
    try:
        parsed: dict[str, Any] = {name: value for name, value in parse_url(url).items() if name not in NOT_OURS}
        kind = parsed.pop("connection_class", Connection)
        # One that waits for messages waits for ever; that it is alive is proved by the echo, not by a time-out.
        options = parsed | {
            "protocol": 3,
            "socket_timeout": None,
            "socket_connect_timeout": CONNECT_SECONDS,
            "health_check_interval": 0,
            "retry": Retry(NoBackoff(), 0),
            "client_name": "counterpoint",
            "decode_responses": False,
        }
        if "path" not in options:
            options["socket_keepalive"] = True
        address = Address(kind, options)
        address.connection()
    except (ValueError, TypeError, RedisError) as error:
        raise ValueError("must be redis://, rediss:// or unix://, with options that Redis' clients know") from error
    return address


async def connect(address: Address) -> Servers:
    """Open what there is to open. Raises RedisError, OSError, TimeoutError."""
    async with asyncio.timeout(CONNECT_SECONDS):
        first = await _open(address, None)
        try:
            if not await _is_cluster(first):
                return Servers(is_cluster=False, of_slots=((first, ((0, SLOTS - 1),)),))
            ranges = await _slots_of_nodes(first, address)
        except BaseException:
            await first.disconnect(nowait=True)
            raise
        await first.disconnect(nowait=True)
        return await _open_all(address, ranges)


async def _open_all(address: Address, ranges: Mapping[Node, list[tuple[int, int]]]) -> Servers:
    opened: list[tuple[Connection, tuple[tuple[int, int], ...]]] = []
    try:
        for node, slots in ranges.items():
            opened.append((await _open(address, node), tuple(slots)))
    except BaseException:
        await Servers(is_cluster=True, of_slots=tuple(opened)).close()
        raise
    return Servers(is_cluster=True, of_slots=tuple(opened))


async def _open(address: Address, node: Node | None) -> Connection:
    connection = address.connection(node)
    try:
        await connection.connect()  # type: ignore[no-untyped-call]
    except BaseException:
        await connection.disconnect(nowait=True)
        raise
    return connection


async def _is_cluster(connection: Connection) -> bool:
    await connection.send_command("HELLO", check_health=False)
    told = await connection.read_response()
    return isinstance(told, dict) and told.get(b"mode") == b"cluster"


async def _slots_of_nodes(connection: Connection, address: Address) -> dict[Node, list[tuple[int, int]]]:
    """By CLUSTER SLOTS: first, last, [host, port, ...] of the primary, then its replicas."""
    await connection.send_command("CLUSTER", "SLOTS", check_health=False)
    told: Iterable[Any] = await connection.read_response()
    found: dict[Node, list[tuple[int, int]]] = {}
    for first, last, primary, *_ in told:
        # A node that does not know its own name is the one that we have asked.
        host = primary[0].decode() if primary[0] else str(address.options.get("host", "localhost"))
        found.setdefault((host, int(primary[1])), []).append((int(first), int(last)))
    if not found:
        raise RedisError("the cluster has no slots")
    return found
