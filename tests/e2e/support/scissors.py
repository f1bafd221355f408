"""A line to a server that can be cut, held shut, silenced and slowed: whoever uses it sees what a bad network does."""

import asyncio
from contextlib import suppress
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Self

__all__ = ["Scissors"]

PIECE = 1 << 16


class Scissors:
    """Listens on a port of its own. What is under way in a line that is cut is lost, in both directions."""

    def __init__(self, to: int | Path) -> None:
        """`to`: a port of this machine, or a socket in its file system; it may be changed before the first line."""
        self.cuts = 0
        self.to = to
        self._piece, self._delay = PIECE, 0.0
        self._speaks = asyncio.Event()
        self._speaks.set()
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

    def silence(self) -> None:
        """Carry nothing, and tell nobody: what is said meanwhile comes after `open`, unless its line is given up."""
        self._speaks.clear()

    def slow(self, delay: float, piece: int) -> None:
        """Wait so many seconds before each piece of so many bytes at most, until `open`."""
        self._delay, self._piece = delay, piece

    def open(self) -> None:
        """All is well again."""
        self._is_shut = False
        self._piece, self._delay = PIECE, 0.0
        self._speaks.set()

    async def keep_cutting(self, random: Random, least: float, most: float) -> None:
        """For ever, at random moments so many seconds apart."""
        while True:
            await asyncio.sleep(random.uniform(least, most))
            self.cut()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._speaks.wait()
        try:
            there, back = await self._reach()
        except OSError:  # nobody is there
            writer.transport.abort()
            return
        if self._is_shut:  # asked only now: it may have been shut while this line was made
            for each in (writer, back):
                each.transport.abort()
            return
        for source, sink in ((reader, back), (there, writer)):
            self._lines.add(sink)
            task = asyncio.create_task(self._carry(source, sink))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _reach(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if isinstance(self.to, Path):
            return await asyncio.open_unix_connection(self.to)
        return await asyncio.open_connection("127.0.0.1", self.to)

    async def _carry(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        try:
            with suppress(ConnectionError):
                while piece := await source.read(self._piece):
                    await self._speaks.wait()
                    if self._delay:
                        await asyncio.sleep(self._delay)
                    sink.write(piece)
                    await sink.drain()
        finally:
            self._lines.discard(sink)
            sink.transport.abort()
