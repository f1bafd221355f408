"""A start waits for its store, says what it waits for, and gives up in one line that holds no password."""

import asyncio
import logging
from contextlib import suppress

import click
import pytest
from sqlalchemy.engine import make_url

from server.commands.waiting import wait_for_the_store
from server.settings import Settings
from tests.e2e.support.server import free_port


def test_a_store_that_does_not_answer_in_time_is_given_up_in_one_line() -> None:
    settings = Settings(database_url="postgresql://ada:SESAME@127.0.0.1:1/none", store_wait_seconds=0)
    with pytest.raises(click.ClickException, match="COUNTERPOINT_STORE_WAIT_SECONDS") as raised:
        wait_for_the_store(settings)
    assert "SESAME" not in raised.value.message
    assert "\n" not in raised.value.message


def test_what_waiting_does_not_mend_is_told_at_once(postgres: str) -> None:
    nowhere = make_url(postgres).set(database="nowhere").render_as_string(hide_password=False)
    with pytest.raises(click.ClickException, match="refuses: InvalidCatalogName"):
        wait_for_the_store(Settings(database_url=nowhere, store_wait_seconds=3600))


def test_a_store_that_comes_meanwhile_is_used(postgres: str) -> None:
    url, port = make_url(postgres), free_port()
    opener = Opener(port, f"{url.query['host']}/.s.PGSQL.5432")
    log = logging.getLogger("counterpoint.start")
    log.addHandler(opener)
    try:
        wait_for_the_store(Settings(database_url=f"postgresql://postgres@127.0.0.1:{port}/postgres"))
    finally:
        log.removeHandler(opener)
    assert opener.heard == ["waiting for the store"]


class Opener(logging.Handler):
    """Lets a store be reached at a port as soon as somebody says that he waits."""

    def __init__(self, port: int, path: str) -> None:
        super().__init__()
        self.heard: list[str] = []
        self._port = port
        self._path = path
        self._opening: asyncio.Task[asyncio.Server] | None = None

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(record.getMessage())
        if len(self.heard) == 1:
            self._opening = asyncio.create_task(asyncio.start_server(self._join, "127.0.0.1", self._port))

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert self._opening is not None
        self._opening.result().close()  # one connection is enough
        there, back = await asyncio.open_unix_connection(self._path)
        with suppress(ConnectionError):
            await asyncio.gather(_carry(reader, back), _carry(there, writer))


async def _carry(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    while piece := await source.read(1 << 16):
        sink.write(piece)
        await sink.drain()
    sink.close()
