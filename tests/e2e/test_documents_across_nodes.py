"""Two real nodes on one PostgreSQL and one Valkey: stock clients on both are in one document, also after a kill."""

import asyncio
import uuid
from pathlib import Path

import pytest

from tests.e2e.support.node import NodeClient, NodeDriver, Provider
from tests.e2e.support.people import edit, open_client, until_equal
from tests.e2e.support.rest import Api
from tests.e2e.support.server import CounterpointServer
from tests.e2e.support.valkey import Valkey
from tests.e2e.support.waiting import until

Y_WEBSOCKET, HOCUSPOCUS = Provider("y-websocket", 3), Provider("hocuspocus", 4)


async def seen_by(client: NodeClient) -> set[int]:
    return {int(number) for number in (await client.tell("status"))["awareness"]}


@pytest.mark.long
async def test_clients_of_two_nodes_are_in_one_document_and_lose_nothing_with_a_node_that_is_killed(
    tmp_path: Path, postgres_database_url: str, valkey: Valkey, node: NodeDriver
) -> None:
    environment = {
        "COUNTERPOINT_DATABASE_URL": postgres_database_url,
        "COUNTERPOINT_REDIS_URL": valkey.url,
        "COUNTERPOINT_REDIS_PREFIX": uuid.uuid4().hex,
    }
    servers = [CounterpointServer(tmp_path, environment) for _ in range(2)]
    try:
        for server in servers:
            await server.start()
        async with Api(servers[0]) as one, Api(servers[1]) as two:
            await one.sign_in()
            await two.sign_in()
            document = await one.document(await one.workspace())
            ada = await open_client(node, one, HOCUSPOCUS, document, "ada", one.token)
            ben = await open_client(node, two, Y_WEBSOCKET, document, "ben", two.token)
            eve = await open_client(node, two, HOCUSPOCUS, document, "eve", two.token)
            people = [ada, ben, eve]
            for each in people:
                await each.synced()
            await asyncio.gather(*(edit(each, 20, each.name) for each in people))
            await until_equal(people, node)
            everybody = {int((await each.report())["clientId"]) for each in people}

            async def all_see_all() -> bool:
                return all([await seen_by(each) == everybody for each in people])

            await until(all_see_all, "all to see all")
            await edit(ada, 5, "before the end")
            await ada.saved()
            text = (await ada.report())["text"]
            await servers[0].kill()
            await until(lambda: _reads(ben, text), "what was saved to be at the other node")
            await edit(ben, 5, "afterwards")
            await until_equal([ben, eve], node)
            late = await open_client(node, two, HOCUSPOCUS, document, "late", two.token)
            await late.synced()
            await until_equal([ben, eve, late], node)
    finally:
        for server in servers:
            await server.kill()


async def _reads(client: NodeClient, text: str) -> bool:
    return bool((await client.report())["text"] == text)
