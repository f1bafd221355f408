"""What an administrator asks of one node is done on the other: at once, and soon while the broker is dead."""

import asyncio
import json
import time
import uuid
from pathlib import Path

import httpx
import pytest

from tests.e2e.support.raw import RawPeer
from tests.e2e.support.rest import Api
from tests.e2e.support.server import CounterpointServer
from tests.e2e.support.valkey import Valkey
from tests.e2e.support.waiting import until


async def closed_after(peer: RawPeer, api: Api, user: str) -> float:
    """Seconds from the answer's request to the close, on another node."""
    began = time.monotonic()
    await api.call("POST", f"/admin/users/{user}/disconnect", json={"reason": "Enough."})

    async def is_closed() -> bool:
        return peer.close is not None

    await until(is_closed, "the socket to be closed")
    assert peer.close == (4510, "Enough.")
    return time.monotonic() - began


@pytest.mark.long
async def test_a_node_sees_and_closes_the_connections_of_the_other_with_the_broker_and_without(
    tmp_path: Path, postgres_database_url: str, valkey: Valkey
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
            ada = await one.sign_in()
            await two.sign_in()
            document = await one.document(await one.workspace())
            peer = RawPeer(servers[1].sockets, document, two.token, seed=1)
            await peer.connect()
            await peer.until_synced(10)

            async def is_seen() -> bool:
                found = await one.call("GET", "/admin/connections")
                return found["total"] == 1 and found["unknown"] == []

            await until(is_seen, "the other node's connection to be seen")
            [room] = (await one.call("GET", "/admin/rooms"))["rooms"]
            assert (room["peers"], room["title"] is not None) == (1, True)
            assert await closed_after(peer, one, ada.id) < 1

            await hands_on_commands(*servers, token=two.token)

            await peer.connect()
            await peer.until_synced(10)
            valkey.kill()
            seconds = await closed_after(peer, one, ada.id)
            print(f"without the broker: {seconds:.2f} s")
            assert seconds < 5
            [unknown] = (await one.call("GET", "/admin/connections"))["unknown"]
            assert unknown["reason"]
    finally:
        for server in servers:
            await server.kill()


async def hands_on_commands(other: CounterpointServer, home: CounterpointServer, *, token: str) -> None:
    """A stream of one node, whose commands come to the other one."""
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        httpx.AsyncClient(timeout=10, trust_env=False, headers=headers) as http,
        http.stream(
            "POST", f"{home.url}/connection/http_stream", content=json.dumps({"id": 1, "connect": {}})
        ) as stream,
        asyncio.timeout(10),
    ):
        lines = stream.aiter_lines()
        connected = json.loads(await anext(lines))["connect"]
        said = {
            "session": connected["session"],
            "node": connected["node"],
            "data": json.dumps({"id": 2, "unsubscribe": {"channel": "x"}}),
        }
        assert (await http.post(f"{other.url}/emulation", json=said)).status_code == 204
        assert json.loads(await anext(lines))["id"] == 2
        assert (await http.post(f"{other.url}/emulation", json=said | {"session": "x"})).json()["code"] == "not_found"
