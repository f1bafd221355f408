"""`make matrix`: every published client version, on SQLite and on PostgreSQL, through a restart of the server."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.e2e.support.node import FAMILIES, NodeDriver, Provider
from tests.e2e.support.people import edit, open_client, until_equal
from tests.e2e.support.postgres import postgres_url
from tests.e2e.support.rest import Api
from tests.e2e.support.server import CounterpointServer
from tests.e2e.support.store import update_in_store

pytestmark = pytest.mark.matrix


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shared_server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[CounterpointServer]:
    with ExitStack() as stack:
        environment = {}
        if request.param == "postgresql":
            environment["COUNTERPOINT_DATABASE_URL"] = stack.enter_context(postgres_url())
        server = CounterpointServer(tmp_path_factory.mktemp(request.param), environment)
        asyncio.run(server.start())
        yield server
        asyncio.run(server.stop())


@pytest.mark.parametrize("provider", FAMILIES, ids=str)
async def test_a_provider_edits_goes_offline_comes_back_and_survives_a_restart(
    provider: Provider, api: Api, node: NodeDriver
) -> None:
    document = await api.document(await api.workspace())
    ada, ben = [await open_client(node, api, provider, document, name, api.token) for name in ("ada", "ben")]
    for client in (ada, ben):
        await client.synced()
    await asyncio.gather(edit(ada, 10, "ada"), edit(ben, 10, "ben"))
    await ada.go_offline()
    await asyncio.gather(edit(ada, 5, "offline"), edit(ben, 5, "online"))
    await ada.tell("connect")
    await until_equal([ada, ben], node)

    await api.server.stop()
    await asyncio.gather(edit(ada, 5, "no server"), edit(ben, 5, "no server either"))
    await api.server.start()
    for client in (ada, ben):
        await client.synced()
    text = await until_equal([ada, ben], node)
    if provider.family == "hocuspocus":
        await asyncio.gather(ada.saved(), ben.saved())

    late = await open_client(node, api, provider, document, "late", api.token)
    await late.synced()
    assert await until_equal([ada, ben, late], node) == text
    await api.server.stop()
    stored = await node.apply([await update_in_store(api.server, document)])
    await api.server.start()
    assert stored["text"] == text
