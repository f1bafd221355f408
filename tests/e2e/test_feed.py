"""An unmodified centrifuge client, cut off again and again, ends with every event once and in order."""

import asyncio
import json
from itertools import pairwise

import pytest

from tests.e2e.support.node import NODE_FOLDER, node_binary
from tests.e2e.support.rest import Api

SECONDS = 120


async def follow(api: Api, count: int) -> None:
    workspace = await api.workspace()
    process = await asyncio.create_subprocess_exec(
        node_binary(),
        "feed.mjs",
        api.server.url,
        api.token,
        workspace,
        str(count),
        cwd=NODE_FOLDER,
        stdout=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(SECONDS * max(1, count / 300)):
        told = json.loads((await process.communicate())[0])
    assert told["lost"] == 0, "it was away for less than what can be recovered"
    assert told["recovered"] > 0, "it was never cut off"
    assert len(told["offsets"]) == count
    assert all(after == before + 1 for before, after in pairwise(told["offsets"]))


async def test_a_client_that_is_cut_off_gets_every_event_once_and_in_order(api: Api) -> None:
    await follow(api, 300)


@pytest.mark.long
async def test_and_of_ten_thousand_events_too(api: Api) -> None:
    await follow(api, 10_000)
