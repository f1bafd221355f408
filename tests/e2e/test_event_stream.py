"""`/events` by the EventSources that there are: npm's, whose line is cut, and Chromium's, whose server is killed."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tests.e2e.support.browser import chromium
from tests.e2e.support.followers import CREATED
from tests.e2e.support.node import NODE_FOLDER, node_binary
from tests.e2e.support.rest import Api
from tests.e2e.support.scissors import Scissors
from tests.e2e.support.server import CounterpointServer
from tests.e2e.support.waiting import until

SECONDS = 30
# What a page would do: keep the document's ids in the order in which it hears of them, and count the meetings.
PAGE = """channels => {
  window.heard = []
  window.syncs = []
  const source = new EventSource('/events?channels=' + channels)
  source.addEventListener('sync', event => syncs.push(Object.values(JSON.parse(event.data).channels)[0].recovered))
  source.addEventListener('counterpoint.document.created.v1', ({data}) => heard.push(JSON.parse(data).data.document.id))
}"""


class Source:
    """npm's `eventsource`, in a process of its own."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.created: list[str] = []
        self.recovered = 0

    async def until(self, count: int) -> None:
        async with asyncio.timeout(SECONDS):
            while len(self.created) < count:
                self._take(await self._line())

    async def synced(self) -> None:
        async with asyncio.timeout(SECONDS):
            while not self._take(await self._line()):
                pass

    def _take(self, told: Any) -> bool:
        """Was it `sync`?"""
        if told["type"] == CREATED:
            self.created.append(told["data"]["data"]["document"]["id"])
        if told["type"] != "sync":
            return False
        [channel] = told["data"]["channels"].values()
        self.recovered += channel["recovered"]
        return True

    async def _line(self) -> Any:
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        assert line, "the process has ended"
        return json.loads(line)


@asynccontextmanager
async def source(api: Api, port: int, channels: str) -> AsyncIterator[Source]:
    process = await asyncio.create_subprocess_exec(
        node_binary(),
        "events.mjs",
        f"http://127.0.0.1:{port}",
        api.token,
        channels,
        cwd=NODE_FOLDER,
        stdout=asyncio.subprocess.PIPE,
        limit=1 << 24,
    )
    try:
        yield Source(process)
    finally:
        process.kill()
        await process.wait()


async def test_npms_event_source_is_cut_off_and_misses_nothing(api: Api) -> None:
    workspace = await api.workspace()
    made = []
    async with Scissors(api.server.port) as line, source(api, line.port, f"workspace:{workspace}") as client:
        await client.synced()
        for _ in range(3):
            made += [await api.document(workspace) for _ in range(5)]
            line.shut()
            made += [await api.document(workspace) for _ in range(5)]
            line.open()
            await client.until(len(made))
        assert client.created == made
        assert client.recovered == 3


async def test_a_pages_event_source_goes_on_after_its_server_was_killed(server: CounterpointServer) -> None:
    await server.start()
    async with Api(server) as api, chromium() as browser:
        await api.sign_in()
        workspace = await api.workspace()
        context = await browser.new_context(base_url=server.url)
        await context.add_cookies([{"name": "counterpoint", "value": api.token, "url": server.url}])
        page = await context.new_page()
        await page.goto("/")
        await page.evaluate(PAGE, f"workspace:{workspace}")

        async def syncs(count: int) -> None:
            async def look() -> bool:
                return len(await page.evaluate("syncs")) >= count

            await until(look, f"{count} times sync", seconds=SECONDS)

        await syncs(1)
        made = [await api.document(workspace) for _ in range(3)]
        await server.kill()
        await server.start()
        made += [await api.document(workspace) for _ in range(3)]
        await syncs(2)
        made.append(await api.document(workspace))

        async def heard_all() -> bool:
            return bool(await page.evaluate("heard.length") >= len(made))

        await until(heard_all, "all documents", seconds=SECONDS)
        assert await page.evaluate("heard") == made
        assert await page.evaluate("syncs") == [False, True]
