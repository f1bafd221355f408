"""Brokers of several nodes on one Valkey, and ways to wait for what they tell."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from server.clock import SystemClock
from server.realtime.redis.broker import RedisBroker
from server.realtime.redis.link import Patience
from server.redis_address import read_redis_url
from tests.e2e.support.valkey import Valkey

SECONDS = 5.0
QUICK = Patience(probe=0.05, late=SECONDS, lost=SECONDS, first_pause=0.01, longest_pause=0.05)


class Node:
    """A broker, what it has heard, and how often it has said that something may be lost."""

    def __init__(self, broker: RedisBroker) -> None:
        self.broker = broker
        self.heard: list[tuple[str, bytes]] = []
        self.gaps = 0
        self._moved = asyncio.Event()
        broker.on_gap(self._gap)

    def hear(self, topic: str) -> Callable[[], None]:
        def listener(payload: bytes) -> None:
            self.heard.append((topic, payload))
            self._moved.set()

        return self.broker.subscribe(topic, listener)

    def _gap(self) -> None:
        self.gaps += 1
        self._moved.set()

    async def until(self, so: Callable[[], bool]) -> None:
        """Looked at whenever something is heard or a gap is said."""
        async with asyncio.timeout(SECONDS):
            while not so():
                self._moved.clear()
                await self._moved.wait()

    async def until_whole(self) -> None:
        await self.until(lambda: self.gaps > 0)

    async def until_lost(self) -> None:
        async with asyncio.timeout(SECONDS):
            while self.broker._lost_because is None:
                await asyncio.sleep(0)

    async def until_failed(self, times: int = 1) -> None:
        async with asyncio.timeout(SECONDS):
            while self.broker.figures.losses < times:
                await asyncio.sleep(0)

    async def until_gap(self, after: int) -> None:
        await self.until(lambda: self.gaps > after)


@asynccontextmanager
async def nodes(
    valkey: Valkey,
    count: int,
    *topics: str,
    url: str | None = None,
    prefix: str | None = None,
    patience: Patience = QUICK,
) -> AsyncIterator[list[Node]]:
    """Connected nodes that hear these topics, below a prefix of their own."""
    address, prefix = read_redis_url(url or valkey.url), prefix or uuid.uuid4().hex
    brokers = [RedisBroker(address, prefix, SystemClock(), patience) for _ in range(count)]
    found = [Node(broker) for broker in brokers]
    for node in found:
        for topic in topics:
            node.hear(topic)
        node.broker.start()
    try:
        for node in found:
            await node.until_whole()
        yield found
    finally:
        for broker in brokers:
            await broker.stop()
