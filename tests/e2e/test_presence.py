"""Who is in a workspace, as unmodified clients of Centrifugo's protocol are told."""

import asyncio
import json

from tests.e2e.support.node import NODE_FOLDER, node_binary
from tests.e2e.support.rest import Api

SECONDS = 20


async def test_clients_are_told_who_comes_and_goes(api: Api) -> None:
    workspace = await api.workspace()
    ben = await api.colleague(workspace)
    name = ben.email.partition("@")[0]
    sockets = api.server.url.replace("http", "ws", 1)
    process = await asyncio.create_subprocess_exec(
        node_binary(),
        "presence.mjs",
        sockets,
        api.token,
        ben.token,
        workspace,
        cwd=NODE_FOLDER,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(SECONDS):
            out, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    told = json.loads(out)
    assert told["alone"] == {"numClients": 1, "numUsers": 1}
    assert told["told"] == [["join", ben.id, name], ["leave", ben.id, name]], "once for a person with two connections"
    assert (told["both"]["numClients"], told["both"]["numUsers"]) == (3, 2)
    assert told["both"]["users"].count(ben.id) == 2
