"""Each test here runs on both ways of a socket, unless it is about one of them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import uvloop

from tests.server.realtime.sockets.hall import Hall, Way, opened


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """The loop that the server runs on: its transports differ from asyncio's."""
    return {"uvloop": uvloop.new_event_loop}


@pytest.fixture(params=("fast", "asgi"))
def way(request: pytest.FixtureRequest) -> Way:
    found: Way = request.param
    return found


@pytest.fixture
async def hall(tmp_path: Path, way: Way) -> AsyncIterator[Hall]:
    async with opened(tmp_path, way, max_message_bytes=1 << 20) as hall:
        yield hall


@pytest.fixture
async def fast_hall(tmp_path: Path) -> AsyncIterator[Hall]:
    async with opened(tmp_path, "fast", max_message_bytes=1 << 20) as hall:
        yield hall
