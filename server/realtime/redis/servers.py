"""Connections to the server, or to all of a cluster: which of its nodes carries what."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from redis.asyncio.connection import Connection
from redis.exceptions import RedisError

from server.redis_address import CONNECT_SECONDS, Node, RedisAddress

__all__ = ["Servers", "connect"]

SLOTS = 16384


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


async def connect(address: RedisAddress) -> Servers:
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


async def _open_all(address: RedisAddress, ranges: Mapping[Node, list[tuple[int, int]]]) -> Servers:
    opened: list[tuple[Connection, tuple[tuple[int, int], ...]]] = []
    try:
        for node, slots in ranges.items():
            opened.append((await _open(address, node), tuple(slots)))
    except BaseException:
        await Servers(is_cluster=True, of_slots=tuple(opened)).close()
        raise
    return Servers(is_cluster=True, of_slots=tuple(opened))


async def _open(address: RedisAddress, node: Node | None) -> Connection:
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


async def _slots_of_nodes(connection: Connection, address: RedisAddress) -> dict[Node, list[tuple[int, int]]]:
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
