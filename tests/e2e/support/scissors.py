"""A line between clients and a server that can be cut and held shut: clients see what a bad network does to them."""

import asyncio
from contextlib import suppress
from random import Random
from types import TracebackType
from typing import Self

__all__ = ["Scissors"]

PIECE = 1 << 16


class Scissors:
    """Listens on a port of its own. What is under way in a line that is cut is lost, in both directions."""

    def __init__(self, port: int) -> None:
        self.cuts = 0
        self._to = port
        self._is_shut = False
        self._lines: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._join, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def port(self) -> int:
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    def cut(self) -> None:
        """Every line that there is, with a reset."""
        self.cuts += bool(self._lines)
        for line in self._lines:
            line.transport.abort()

    def shut(self) -> None:
        """Cut, and let nobody through until `open`."""
        self._is_shut = True
        self.cut()

    def open(self) -> None:
        self._is_shut = False

    async def keep_cutting(self, random: Random, least: float, most: float) -> None:
        """For ever, at random moments so many seconds apart."""
        while True:
            await asyncio.sleep(random.uniform(least, most))
            self.cut()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self._to)
        if self._is_shut:
            for each in (writer, back):
                each.transport.abort()
            return
        for source, sink in ((reader, back), (there, writer)):
            self._lines.add(sink)
            task = asyncio.create_task(self._carry(source, sink))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _carry(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        try:
            with suppress(ConnectionError):
                while piece := await source.read(PIECE):
                    sink.write(piece)
                    await sink.drain()
        finally:
            self._lines.discard(sink)
            sink.transport.abort()
