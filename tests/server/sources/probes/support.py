"""What probes are given in tests: targets on this machine, and a dialler that lets them go there."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from ipaddress import ip_address
from typing import Any

from server.clock import SystemClock
from server.egress.addresses import Address
from server.errors import SourceRefused
from server.sources.opening import opener
from server.sources.probe import Probe, SourceType, Target

__all__ = ["Here", "over_tcp", "probe_of", "target"]


class Here:
    """Every name is this machine, but what is `refused`."""

    def __init__(self, *refused: str) -> None:
        self.refused = refused
        self.asked: list[tuple[str, int]] = []

    async def addresses(self, host: str, port: int) -> Sequence[Address]:
        self.asked.append((host, port))
        if host in self.refused:
            raise SourceRefused("not there")
        return [ip_address("127.0.0.1")]


def target(source_type: SourceType, host: str = "db.example.org", **fields: Any) -> Target:
    return Target(id=1, source_type=source_type, host=host, **fields)


def probe_of(source: Target, dialler: Here | None = None) -> Probe:
    return opener(dialler or Here(), SystemClock())(source)


@asynccontextmanager
async def over_tcp(socket_path: str) -> AsyncIterator[int]:
    """The port of a line to a server that listens on a socket of this machine only."""
    tasks: set[asyncio.Task[None]] = set()

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65_536):
                writer.write(data)
                await writer.drain()
        except OSError:
            pass  # a line that one end has cut is cut for the other
        finally:
            writer.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_unix_connection(socket_path)
        for task in (asyncio.create_task(carry(reader, back)), asyncio.create_task(carry(there, writer))):
            tasks.add(task)
            task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()
    for task in list(tasks):
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
