"""The examples work as a reader would run them: two people each, against `counterpoint serve --open`."""

import asyncio
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page

from tests.e2e.support.browser import chromium, pages_served, written_in
from tests.e2e.support.node import NODE_FOLDER, node_binary
from tests.e2e.support.server import CounterpointServer
from tests.e2e.support.waiting import until

EXAMPLES = Path(__file__).parents[2] / "examples"
# What the examples call the packages that the tests have under a versioned name.
NAMES = {"codemirror": "y-websocket=y-websocket-3", "tiptap": "@hocuspocus/provider=hocuspocus-provider-4"}


def bundle(example: str, folder: Path) -> None:
    """Build the example as Vite would, from the packages of tests/node."""
    entry, outfile = EXAMPLES / example / "main.js", folder / example / "main.js"
    subprocess.run([node_binary(), "bundle.mjs", entry, outfile, NAMES[example]], check=True, cwd=NODE_FOLDER)
    shutil.copy(EXAMPLES / example / "index.html", folder / example)


async def until_both(pages: tuple[Page, Page], lines: str, *words: str) -> None:
    async def look() -> bool:
        texts = [await written_in(page, lines) for page in pages]
        return texts[0] == texts[1] and all(word in texts[0] for word in words)

    await until(look, f"both pages to show {words}")


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest.fixture
async def open_pages(tmp_path: Path, browser: Browser) -> AsyncIterator["OpenPages"]:
    async with AsyncExitStack() as stack:
        origin = stack.enter_context(pages_served(tmp_path))
        server = CounterpointServer(tmp_path, {"COUNTERPOINT_ALLOWED_ORIGINS": origin}, open_mode=True)
        stack.push_async_callback(server.kill)
        await server.start()
        yield OpenPages(tmp_path, origin, server, browser)


class OpenPages:
    """Opens an example twice, as two people."""

    def __init__(self, folder: Path, origin: str, server: CounterpointServer, browser: Browser) -> None:
        self.folder, self.origin, self.server, self.browser = folder, origin, server, browser

    async def __call__(self, example: str) -> tuple[Page, Page]:
        bundle(example, self.folder)
        return await self._person(example, "Ada"), await self._person(example, "Ben")

    async def _person(self, example: str, user: str) -> Page:
        page = await (await self.browser.new_context()).new_page()
        await page.goto(f"{self.origin}/{example}/index.html?server={self.server.sockets}&user={user}")
        return page


async def test_codemirror_with_y_websocket_and_the_python_client(open_pages: OpenPages) -> None:
    ada, ben = await open_pages("codemirror")
    for page, words in ((ada, "Ada: é世界🙂 "), (ben, "Ben: Ω👩‍👩‍👧 ")):
        await page.locator("#status", has_text="connected").wait_for()
        await page.locator(".cm-content").click()
        await page.keyboard.insert_text(words)
    await until_both((ada, ben), ".cm-line", "é世界🙂", "Ω👩‍👩‍👧")
    await ada.locator(".cm-ySelectionInfo", has_text="Ben").wait_for(state="attached")

    client = await asyncio.create_subprocess_exec(
        sys.executable,
        str(EXAMPLES / "python" / "client.py"),
        open_pages.server.url,
        "codemirror-example",
        "Python: Ω世",
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        await until_both((ada, ben), ".cm-line", "é世界🙂", "Ω👩‍👩‍👧", "Python: Ω世")
        await ben.keyboard.insert_text("heard")
        assert client.stdout is not None
        heard = b""
        while "heard" not in heard.decode():
            heard = await asyncio.wait_for(client.stdout.readline(), 10)
        assert "Python: Ω世" in heard.decode()
    finally:
        client.kill()
        await client.communicate()


async def test_tiptap_with_the_hocuspocus_provider(open_pages: OpenPages) -> None:
    ada, ben = await open_pages("tiptap")
    for page, words in ((ada, "Ada: é世界🙂 "), (ben, "Ben: Ω👩‍👩‍👧 ")):
        await page.locator("#status", has_text="saved").wait_for()
        await page.locator(".ProseMirror").click()
        await page.keyboard.insert_text(words)
    await until_both((ada, ben), ".ProseMirror p", "é世界🙂", "Ω👩‍👩‍👧")
    for page in (ada, ben):
        await page.locator("#status", has_text="saved").wait_for()
    await ada.locator(".collaboration-carets__label", has_text="Ben").wait_for(state="attached")
