"""Unmodified clients that follow the documents of a workspace, each with a log of what it was told."""

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

import httpx
from centrifuge import Client, PublicationContext, SubscribedContext, SubscriptionEventHandler

from tests.e2e.support.node import NODE_FOLDER, node_binary
from tests.e2e.support.rest import Api

__all__ = [
    "CREATED",
    "Account",
    "Follower",
    "NodeFollower",
    "PythonFollower",
    "Told",
    "account_for",
    "head_of",
    "listed",
]

CREATED = "counterpoint.document.created.v1"
AGAIN_SECONDS, TOLD_SECONDS = 0.2, 120.0


@dataclass
class Told:
    """What a client was told, in order, and the documents that it knows in the end."""

    log: list[dict[str, Any]] = field(default_factory=list)
    documents: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Account:
    """How often a client came back whole, and how often it was told that it is not."""

    recovered: int
    lost: int


def account_for(told: Told, head: int) -> Account:
    """Every event up to `head` once and in order, or the client was told that it must reload. AssertionError if not."""
    following, recovered, lost = None, 0, 0
    for entry in told.log:
        if (offset := entry.get("event")) is not None:
            assert offset == following, f"{offset} came where {following} was to come"
            following = offset + 1
        elif entry["wasRecovering"] and entry["recovered"]:
            recovered += 1
        else:
            lost += bool(entry["wasRecovering"])
            assert following is None or entry["subscribed"] + 1 >= following
            following = entry["subscribed"] + 1
    assert following == head + 1, f"it has heard everything up to {following}, of {head}"
    return Account(recovered, lost)


async def listed(api: Api, workspace: str) -> set[str]:
    """All documents of the workspace, as a client reads them that begins anew."""
    found: set[str] = set()
    cursor = ""
    while True:
        path = f"/collaboration/workspaces/{workspace}/documents?limit=100" + (f"&cursor={cursor}" if cursor else "")
        answer = await api.ask("GET", path)
        assert answer.is_success, answer.text
        page = answer.json()
        found |= {each["id"] for each in page["data"]}
        cursor = page["next_cursor"]
        if not cursor:
            return found


async def head_of(api: Api, workspace: str) -> int:
    """The offset of the last event of the workspace."""
    return int((await api.ask("GET", f"/collaboration/workspaces/{workspace}/documents")).json()["stream"]["offset"])


class Follower(Protocol):
    async def told(self, head: int) -> Told:
        """When it has come to the event of this offset; it follows no more. TimeoutError when it does not come."""
        ...

    def stop(self) -> None: ...


class NodeFollower:
    """npm's `centrifuge`, in a process of its own."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, api: Api, port: int, workspace: str, transport: str = "websocket") -> "NodeFollower":
        process = await asyncio.create_subprocess_exec(
            node_binary(),
            "feed.mjs",
            api.server.url,
            f"ws://127.0.0.1:{port}",
            api.token,
            workspace,
            transport,
            cwd=NODE_FOLDER,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=1 << 26,
        )
        assert process.stdout is not None
        async with asyncio.timeout(20):
            assert await process.stdout.readline() == b"following\n"
        return cls(process)

    async def told(self, head: int) -> Told:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{head}\n".encode())
        async with asyncio.timeout(TOLD_SECONDS):
            said = json.loads(await self._process.stdout.readline())
            await self._process.wait()
        return Told(said["log"], set(said["documents"]))

    def stop(self) -> None:
        if self._process.returncode is None:
            self._process.kill()


class PythonFollower(SubscriptionEventHandler):
    """PyPI's `centrifuge-python`."""

    def __init__(self, api: Api, workspace: str) -> None:
        self._api = api
        self._workspace = workspace
        self._at = -1
        self._told = Told()
        self._reloads: set[asyncio.Task[None]] = set()
        self._client: Client | None = None
        self._ending: asyncio.Task[None] | None = None

    @classmethod
    async def start(cls, api: Api, port: int, workspace: str) -> "PythonFollower":
        follower = cls(api, workspace)
        client = follower._client = Client(
            f"ws://127.0.0.1:{port}/connection/websocket",
            token=api.token,
            min_reconnect_delay=0.01,
            max_reconnect_delay=0.05,
            proxy=None,
        )
        subscription = client.new_subscription(f"workspace:{workspace}", follower, recoverable=True)
        await client.connect()
        await subscription.subscribe()
        await subscription.ready(20)
        return follower

    async def on_subscribed(self, ctx: SubscribedContext) -> None:
        assert ctx.stream_position is not None
        self._told.log.append(
            {
                "subscribed": ctx.stream_position.offset,
                "wasRecovering": ctx.was_recovering,
                "recovered": ctx.recovered,
            }
        )
        if not (ctx.was_recovering and ctx.recovered):
            self._at = ctx.stream_position.offset
            self._told.documents.clear()
            self._reloads.add(asyncio.create_task(self._reload()))

    async def on_publication(self, ctx: PublicationContext) -> None:
        assert ctx.pub.offset is not None
        self._told.log.append({"event": ctx.pub.offset})
        self._at = ctx.pub.offset
        if ctx.pub.data["type"] == CREATED:
            self._told.documents.add(ctx.pub.data["data"]["document"]["id"])

    async def told(self, head: int) -> Told:
        assert self._client is not None
        async with asyncio.timeout(TOLD_SECONDS):
            while self._at < head:
                await asyncio.sleep(AGAIN_SECONDS)
            await self._client.disconnect()
            await asyncio.gather(*self._reloads)
        return self._told

    def stop(self) -> None:
        for task in self._reloads:
            task.cancel()
        if self._client is not None:
            self._ending = asyncio.create_task(self._client.disconnect())

    async def _reload(self) -> None:
        while True:
            with suppress(httpx.TransportError, AssertionError):  # a node at fault: asked again until one answers
                self._told.documents |= await listed(self._api, self._workspace)
                return
            await asyncio.sleep(AGAIN_SECONDS)
