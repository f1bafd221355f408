"""Between a program and PostgreSQL: it can lose the answer to a statement that the server has committed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.engine import make_url

READY = b"Z\x00\x00\x00\x05I"
"""ReadyForQuery outside of a transaction (PostgreSQL 55.7): what came before it is committed."""


class CuttingProxy:
    """Forwards both ways. `cut_next`: the next answer is swallowed up to its end, and the connection closed."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self.cut_next = False
        self.cuts = 0

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[str]:
        """The address of the database through it."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        try:
            here = self._url.set(host="127.0.0.1", port=server.sockets[0].getsockname()[1], query={})
            yield here.render_as_string(hide_password=False)
        finally:
            server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        folder = str(self._url.query["host"])
        theirs, ours = await asyncio.open_unix_connection(f"{folder}/.s.PGSQL.5432")
        up = asyncio.create_task(_forward(reader, ours))
        await self._answer(theirs, writer)
        ours.close()
        writer.close()
        await up

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        swallowed = b""
        while data := await reader.read(65536):
            if not self.cut_next:
                writer.write(data)
                continue
            swallowed += data
            if swallowed.endswith(READY):
                self.cut_next = False
                self.cuts += 1
                return


async def _forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
    writer.close()
