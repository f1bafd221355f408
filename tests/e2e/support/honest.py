"""Two people who type in one document, and what they notice of others: delays, losses, closed sockets."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

from tests.e2e.support.raw import Protocol, RawPeer
from tests.e2e.support.waiting import until

__all__ = ["Pair", "typing"]

PAUSE_SECONDS = 0.02


class _Reader(RawPeer):
    """Notes when each token of the other one arrived."""

    def __init__(self, sockets: str, document: str, token: str, protocol: Protocol) -> None:
        super().__init__(sockets, document, token, protocol=protocol)
        self.awaited: dict[str, float] = {}
        self.delays: list[float] = []

    async def _hear_sync(self, step: int, payload: bytes) -> None:
        await super()._hear_sync(step, payload)
        content = str(self.text)
        for token in [each for each in self.awaited if each in content]:
            self.delays.append(time.monotonic() - self.awaited.pop(token))


class Pair:
    """One writes, the other reads; every edit must arrive and be acknowledged, and nobody may be closed."""

    def __init__(self, sockets: str, document: str, token: str, protocol: Protocol) -> None:
        self.writer = RawPeer(sockets, document, token)
        self.reader = _Reader(sockets, document, token, protocol)
        self._numbers = count()

    async def type_until(self, attack: "asyncio.Task[None]", least: int) -> list[float]:
        """Type while the attack lasts, and at least this often; answers the delays in seconds, the longest last."""
        self.reader.delays.clear()
        typed = 0
        while not attack.done() or typed < least:
            token = f"⟦{self.writer.document[:8]}:{next(self._numbers)}⟧"
            self.reader.awaited[token] = time.monotonic()
            await self.writer.write(token)
            typed += 1
            await asyncio.sleep(PAUSE_SECONDS)
        await until(self._all_arrived, f"{typed} edits to arrive (reader closed: {self.reader.close})")
        await self.writer.until_acknowledged()
        assert len(self.reader.delays) == typed
        return sorted(self.reader.delays)

    def assert_undisturbed(self) -> None:
        for peer in (self.writer, self.reader):
            assert peer.close is None
            assert peer.denied is None
        assert str(self.writer.text) == str(self.reader.text)

    async def _all_arrived(self) -> bool:
        return not self.reader.awaited


@asynccontextmanager
async def typing(sockets: str, document: str, token: str, protocol: Protocol) -> AsyncIterator[Pair]:
    """Both are connected and synced."""
    pair = Pair(sockets, document, token, protocol)
    async with pair.writer, pair.reader:
        await pair.writer.until_synced()
        await pair.reader.until_synced()
        yield pair
