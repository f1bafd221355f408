"""A real Chromium, and a plain web server for pages that are not ours."""

import os
import shutil
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, async_playwright

__all__ = ["chromium", "pages_served", "written_in"]

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# The text of the lines without the carets of others, which editors draw into them.
WRITTEN = """lines => lines.map(line => {
  const copy = line.cloneNode(true)
  for (const caret of copy.querySelectorAll('.caret, .collaboration-carets__caret, .cm-ySelectionCaret')) caret.remove()
  return copy.textContent.replaceAll('\\u2060', '')
}).join('\\n')"""
NAMES = ("chromium", "chromium-browser", "google-chrome")


def chromium_binary() -> str:
    """The Chromium of this machine; without one the test is skipped, loudly, or fails where it is required."""
    for name in NAMES:
        if found := shutil.which(name):
            return found
    if os.environ.get("REQUIRE_CHROMIUM") == "1":
        pytest.fail("REQUIRE_CHROMIUM=1, and there is no Chromium on PATH")
    pytest.skip("NOT TESTED: there is no Chromium on PATH, so nothing was tried in a browser")


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Start a browser, and close it at the end."""
    binary = chromium_binary()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=binary, args=list(QUIET))
        try:
            yield browser
        finally:
            await browser.close()


async def written_in(page: Page, lines: str) -> str:
    """What people have written in the elements that match `lines`."""
    return str(await page.locator(lines).evaluate_all(WRITTEN))


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Say nothing: the tests' output is for their results."""


@contextmanager
def pages_served(folder: Path) -> Iterator[str]:
    """Serve the files of `folder` from an origin of its own; answers the origin."""
    web = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=web.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{web.server_address[1]}"
    finally:
        web.shutdown()
        web.server_close()
        thread.join()
