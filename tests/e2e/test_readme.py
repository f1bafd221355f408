"""What the README says to type works as it stands there, with every version that it names."""

import asyncio
import contextlib
import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.e2e.support.node import FAMILIES, NODE_FOLDER, NodeClient, NodeDriver, Provider, node_binary
from tests.e2e.support.server import CounterpointServer
from tests.e2e.support.waiting import until

README = Path(__file__).parents[2] / "README.md"
CONTENT_PAGE = README.parent / "docs" / "how-to" / "read-and-write-content.md"
# What the README calls a family's package, and what tests/node calls it before its version.
PACKAGES = {
    "y-websocket": ("y-websocket", "y-websocket"),
    "hocuspocus": ("@hocuspocus/provider", "hocuspocus-provider"),
}
ADDRESS = "127.0.0.1:8000"
# Browsers and newer versions of Node have a WebSocket of their own.
WEB_SOCKET = "import { WebSocket as OfNode } from 'ws'\nglobalThis.WebSocket ??= OfNode\n"


def snippet(language: str, having: str) -> str:
    """The one block of code of the README in this language that has these words."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```$", README.read_text(), re.MULTILINE | re.DOTALL)
    (found,) = [block for block in blocks if having in block]
    return str(found)


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[CounterpointServer]:
    server = CounterpointServer(tmp_path, open_mode=True)
    await server.start()
    yield server
    await server.kill()


@pytest.fixture
async def reader(server: CounterpointServer, node: NodeDriver) -> NodeClient:
    """Another client in the README's document."""
    return await node.open("reader", Provider("y-websocket", 3), url=f"{server.sockets}/sync", document="my-document")


async def until_read(reader: NodeClient, words: str) -> None:
    async def look() -> bool:
        return words in (await reader.report(place={"root": "words", "kind": "text"}))["text"]

    await until(look, f"the document to say {words!r}")


@pytest.mark.parametrize("provider", FAMILIES, ids=str)
async def test_the_javascript_snippets(provider: Provider, server: CounterpointServer, reader: NodeClient) -> None:
    package, alias = PACKAGES[provider.family]
    code = snippet("js", f"from '{package}'").replace(ADDRESS, f"127.0.0.1:{server.port}")
    code = code.replace(f"from '{package}'", f"from '{alias}-{provider.version}'")
    program = await asyncio.create_subprocess_exec(
        node_binary(),
        "--input-type=module",
        "--eval",
        WEB_SOCKET + code,
        cwd=NODE_FOLDER,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        await until_read(reader, "Hello from ")
        if provider.family == "hocuspocus":
            assert program.stdout is not None
            said = b""
            while b"saved" not in said:
                said += await asyncio.wait_for(program.stdout.readline(), 10)
    finally:
        with contextlib.suppress(ProcessLookupError):
            program.kill()
        await program.communicate()


async def test_the_python_snippet(server: CounterpointServer, reader: NodeClient) -> None:
    code = snippet("python", "pycrdt").replace(ADDRESS, f"127.0.0.1:{server.port}")
    program = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE)
    said, _ = await asyncio.wait_for(program.communicate(), 20)
    assert said.decode().strip().endswith("Hello from Python.")
    await until_read(reader, "Hello from Python. ")


async def typed_in_a_shell(command: str) -> str:
    program = await asyncio.create_subprocess_exec("sh", "-euc", command, stdout=asyncio.subprocess.PIPE)
    said, _ = await program.communicate()
    assert program.returncode == 0, said
    return said.decode()


async def until_said(command: str, words: str) -> None:
    """A worker reads a document a moment after it was edited."""

    async def look() -> bool:
        return (await typed_in_a_shell(command)).endswith(words)

    await until(look, f"the server to say {words!r}")


async def test_the_shell_snippet(server: CounterpointServer, reader: NodeClient) -> None:
    await reader.synced()
    code = snippet("sh", "Hello from curl").replace(ADDRESS, f"127.0.0.1:{server.port}")
    await typed_in_a_shell(code)
    await until_read(reader, "Hello from curl. ")
    await until_said(code.strip().splitlines()[-1], "Hello from curl. ")


async def test_the_events_in_a_shell(server: CounterpointServer, reader: NodeClient) -> None:
    await reader.synced()
    follow, comment = (
        snippet("sh", having).replace(ADDRESS, f"127.0.0.1:{server.port}") for having in ("/events", "/comments")
    )
    following = await asyncio.create_subprocess_exec("sh", "-euc", follow, stdout=asyncio.subprocess.PIPE)
    assert following.stdout is not None
    try:
        async with asyncio.timeout(20):
            await following.stdout.readuntil(b"event: sync")
            await typed_in_a_shell(comment)
            await following.stdout.readuntil(b"event: counterpoint.comment.added.v1")
            await following.stdout.readuntil(b"Hello from a comment.")
    finally:
        await server.kill()
        await following.communicate()


async def test_the_page_about_content(server: CounterpointServer, reader: NodeClient) -> None:
    """Each of its commands, one after the other, as they stand there."""
    await reader.synced()
    blocks = re.findall(r"^```sh\n(.*?)^```$", CONTENT_PAGE.read_text(), re.MULTILINE | re.DOTALL)
    read, put, patch = (block.replace(ADDRESS, f"127.0.0.1:{server.port}") for block in blocks)
    assert await typed_in_a_shell(read) == ""
    assert '"version":1' in await typed_in_a_shell(put)
    assert '"version":2' in await typed_in_a_shell(patch)
    await until_said(read, "## Plan\n\nSay **goodbye**.\n")
