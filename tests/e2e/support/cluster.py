"""A cluster for the tests, and people who type in it through every fault and count what was said to be saved."""

import asyncio
import re
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import websockets

from deploy.cluster import Cluster, Ports, Reach
from tests.e2e.support.raw import RawPeer
from tests.e2e.support.rest import Api
from tests.e2e.support.server import FIRST_ACCOUNT, free_port
from tests.e2e.support.waiting import until

__all__ = ["Typist", "started", "whole"]

TOKEN = re.compile("⟦[^⟧]*⟧")
COME_BACK_SECONDS = 0.1
DRAIN_SECONDS = 4


@dataclass(frozen=True, slots=True)
class Gate:
    """An address of the cluster, as `Api` asks for it."""

    url: str

    @property
    def sockets(self) -> str:
        return self.url.replace("http:", "ws:")


@asynccontextmanager
async def started(reach: Reach = lambda _, given: given, tell: Callable[[str], None] = print) -> AsyncIterator[Cluster]:
    """Two nodes, PostgreSQL, Valkey and a proxy on free ports; what ends is begun again."""
    # Not under pytest's folders: those are closed to the account that PostgreSQL runs as.
    folder = Path(tempfile.mkdtemp(prefix="counterpoint-cluster-"))
    ports = Ports(free_port(), (free_port(), free_port()), free_port())
    given = {**FIRST_ACCOUNT, "COUNTERPOINT_DRAIN_SECONDS": str(DRAIN_SECONDS)}
    cluster = Cluster(folder, ports, given, tell, reach)
    try:
        await cluster.start()
        tending = asyncio.create_task(cluster.tend())
        try:
            yield cluster
        finally:
            tending.cancel()
            with suppress(asyncio.CancelledError):
                await tending
    finally:
        await cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


class Typist:
    """One client that types, and comes back whatever happens to its socket: by the proxy, or by another node."""

    def __init__(
        self, name: str, document: str, token: str, gates: Sequence[str], kind: type[RawPeer] = RawPeer
    ) -> None:
        self.name = name
        self.peer = kind(gates[0], document, token, seed=crc32(name.encode()))
        self.longest_absence = 0.0
        self._ways = [RawPeer(gate, document, token).url for gate in gates]
        self._way = 0
        self._count = 0
        self._task: asyncio.Task[None] | None = None
        self._types = True

    def begin(self, per_second: float) -> None:
        self._task = asyncio.create_task(self._run(1 / per_second))

    def rest(self) -> None:
        """Type no more, and stay."""
        self._types = False

    async def end(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        await self.peer.cut()

    @property
    def is_settled(self) -> bool:
        return self.peer.synced and self.peer.close is None and not self.peer.unacknowledged

    async def _run(self, pause: float) -> None:
        gone_at = time.monotonic()
        while True:
            try:
                if self.peer.close is not None or not self.peer.synced:
                    await self._come_back()
                    self.longest_absence = max(self.longest_absence, time.monotonic() - gone_at)
                if self._types:
                    self._count += 1
                    await self.peer.write(f"⟦{self.name}:{self._count}⟧")
                await asyncio.sleep(pause)
                gone_at = time.monotonic()
            except (OSError, AssertionError, websockets.WebSocketException):  # no node there: the next one, in a moment
                self.peer.synced = False
                self._way = (self._way + 1) % len(self._ways)
                await asyncio.sleep(COME_BACK_SECONDS)

    async def _come_back(self) -> None:
        self.peer.url = self._ways[self._way]
        async with asyncio.timeout(5):
            await self.peer.connect()
            await until(self._has_an_answer, "a node to answer", seconds=5)
        if not self.peer.synced:
            raise ConnectionError("turned away: another node may do")

    async def _has_an_answer(self) -> bool:
        return self.peer.synced or self.peer.close is not None or self.peer.denied is not None


async def whole(cluster: Cluster, typists: Sequence[Typist], documents: Sequence[str], token: str) -> None:
    """Everybody is back, everything is acknowledged, and all see the same, each token once: also who comes afresh."""

    async def settled() -> bool:
        return all(each.is_settled for each in typists)

    await until(settled, "everybody to be back, and everything to be acknowledged", seconds=30)
    for document in documents:
        here = [each.peer for each in typists if each.peer.document == document]
        expected = {each for peer in here for each in peer.sent}
        afresh = [RawPeer(f"ws://127.0.0.1:{port}", document, token) for port in cluster.ports.nodes]
        for peer in afresh:
            await peer.connect()
            await peer.until_synced()
        replicas = [*here, *afresh]

        async def equal(replicas: Sequence[RawPeer] = replicas, expected: set[str] = expected) -> bool:
            texts = {str(each.text) for each in replicas}
            return len(texts) == 1 and set(TOKEN.findall(next(iter(texts)))) >= expected

        await until(equal, f"all replicas of {document} to be equal and whole", seconds=15)
        found = Counter(TOKEN.findall(str(afresh[0].text)))
        assert {each: count for each, count in found.items() if count != 1} == {}, "what was typed once is there once"
        assert set(found) == expected, "nobody has typed anything else"
        for peer in afresh:
            await peer.disconnect()


async def signed_in(cluster: Cluster) -> Api:
    api = Api(Gate(cluster.url))  # type: ignore[arg-type]
    await api.sign_in()
    return api
