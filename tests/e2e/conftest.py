"""Real servers, real clients, real browsers: what the end-to-end tests stand on."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.e2e.support.node import NODE_FOLDER, NodeDriver
from tests.e2e.support.rest import Api
from tests.e2e.support.server import CounterpointServer

LONGEST = ("web_app", "under_attack", "crash", "store_trouble", "live_in_the_app", "inbox_in_the_app", "readme")
"""Begun first, so that at the end no process waits for the last one."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is an end-to-end test."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.e2e)
    items.sort(key=lambda item: item.path.stem.removeprefix("test_") not in LONGEST)


@pytest.fixture(scope="module")
def shared_server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[CounterpointServer]:
    """One server for a whole file of tests that do not harm it; it must drain and exit 0 at the end.

    A file sets COUNTERPOINT_* variables by its own ENVIRONMENT.
    """
    environment = getattr(request.module, "ENVIRONMENT", {})
    server = CounterpointServer(tmp_path_factory.mktemp("server"), environment)
    asyncio.run(server.start())
    yield server
    asyncio.run(server.stop())


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[CounterpointServer]:
    """A server of the test's own, that it may stop and kill; not started yet."""
    server = CounterpointServer(tmp_path)
    yield server
    await server.kill()


@pytest.fixture
async def api(shared_server: CounterpointServer) -> AsyncIterator[Api]:
    """The administrator of the shared server, signed in."""
    async with Api(shared_server) as api:
        await api.sign_in()
        yield api


@pytest.fixture
async def node() -> AsyncIterator[NodeDriver]:
    """A Node process for JavaScript clients."""
    if not (NODE_FOLDER / "node_modules").is_dir():
        pytest.fail(f"the JavaScript clients are not installed: run `npm ci` in {NODE_FOLDER}")
    driver = await NodeDriver.start()
    yield driver
    await driver.stop()
