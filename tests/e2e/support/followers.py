"""Unmodified clients that follow the documents of a workspace, each with a log of what it was told."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from centrifuge import Client, PublicationContext, SubscribedContext, SubscriptionEventHandler

from tests.e2e.support.node import NODE_FOLDER, node_binary
from tests.e2e.support.rest import Api
from tests.e2e.support.waiting import until

__all__ = ["CREATED", "Account", "NodeFollower", "PythonFollower", "account_for", "listed"]

CREATED = "counterpoint.document.created.v1"


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
        page = (await api.ask("GET", path)).json()
        found |= {each["id"] for each in page["data"]}
        cursor = page["next_cursor"]
        if not cursor:
            return found


class NodeFollower:
    """npm's `centrifuge`, in a process of its own."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(
        cls, api: Api, port: int, workspace: str, count: int, transport: str = "websocket"
    ) -> "NodeFollower":
        process = await asyncio.create_subprocess_exec(
            node_binary(),
            "feed.mjs",
            api.server.url,
            f"ws://127.0.0.1:{port}",
            api.token,
            workspace,
            str(count),
            transport,
            cwd=NODE_FOLDER,
            stdout=asyncio.subprocess.PIPE,
            limit=1 << 26,
        )
        assert process.stdout is not None
        async with asyncio.timeout(20):
            assert await process.stdout.readline() == b"following\n"
        return cls(process)

    async def told(self) -> Told:
        assert self._process.stdout is not None
        said = json.loads(await self._process.stdout.readline())
        await self._process.wait()
        return Told(said["log"], set(said["documents"]))

    def stop(self) -> None:
        if self._process.returncode is None:
            self._process.kill()


class PythonFollower(SubscriptionEventHandler):
    """PyPI's `centrifuge-python`."""

    def __init__(self, api: Api, workspace: str, count: int) -> None:
        self._api = api
        self._workspace = workspace
        self._count = count
        self._told = Told()
        self._reloads: set[asyncio.Task[None]] = set()
        self._client: Client | None = None

    @classmethod
    async def start(cls, api: Api, port: int, workspace: str, count: int) -> "PythonFollower":
        follower = cls(api, workspace, count)
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
        if ctx.was_recovering and not ctx.recovered:
            self._told.documents.clear()
            self._reloads.add(asyncio.create_task(self._reload()))

    async def on_publication(self, ctx: PublicationContext) -> None:
        self._told.log.append({"event": ctx.pub.offset})
        if ctx.pub.data["type"] == CREATED:
            self._told.documents.add(ctx.pub.data["data"]["document"]["id"])

    async def told(self) -> Told:
        async def look() -> bool:
            return len(self._told.documents) >= self._count

        await until(look, "the Python client to know every document", seconds=120)
        assert self._client is not None
        await self._client.disconnect()
        await asyncio.gather(*self._reloads)
        return self._told

    def stop(self) -> None:
        for task in self._reloads:
            task.cancel()

    async def _reload(self) -> None:
        self._told.documents |= await listed(self._api, self._workspace)
