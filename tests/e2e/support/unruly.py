"""A Yjs client that says some things twice, and some after what comes after them."""

from tests.e2e.support.raw import RawPeer

__all__ = ["UnrulyPeer"]

TWICE = HELD = 0.1


class UnrulyPeer(RawPeer):
    """Which ones, its seed says."""

    _held: tuple[list[str], bytes] | None = None

    async def connect(self, **headers: str) -> None:
        self._held = None  # it goes with all that the server lacks
        await super().connect(**headers)

    async def tell(self, tokens: list[str], update: bytes) -> None:
        chance = self.random.random()
        if chance < HELD and self._held is None:
            self._held = (tokens, update)
            return
        await super().tell(tokens, update)
        if chance > 1 - TWICE:
            await super().tell(tokens, update)
        await self.flush()

    async def flush(self) -> None:
        """Say what was held back."""
        held, self._held = self._held, None
        if held is not None:
            await super().tell(*held)
