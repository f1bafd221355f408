"""A cluster on one machine: started in order, kept running, restarted node by node, stopped in order."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.parts import NotStarted, Part, Postgres, Program, caddy, node, valkey

__all__ = ["Cluster", "Ports", "Reach"]

Reach = Callable[[int, Mapping[str, str]], Mapping[str, str]]
"""The settings of the node with this number (from 1), made from those of all: how it reaches the others, for one."""

TEND_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Ports:
    proxy: int
    nodes: tuple[int, ...]
    valkey: int


class Cluster:
    """PostgreSQL and Valkey, the nodes, and a proxy in front of them."""

    def __init__(
        self,
        folder: Path,
        ports: Ports,
        environment: Mapping[str, str],
        tell: Callable[[str], None] = print,
        reach: Reach = lambda _, given: given,
    ) -> None:
        """`environment`: settings that every node has besides."""
        self.folder = folder
        self.ports = ports
        self.url = f"http://127.0.0.1:{ports.proxy}"
        self.postgres = Postgres(folder / "postgres")
        self.valkey = valkey(ports.valkey, folder)
        self.proxy = caddy(ports.proxy, ports.nodes, folder)
        self.nodes: list[Program] = []
        self._environment = environment
        self._tell = tell
        self._reach = reach
        self._is_stopping = False
        self._hands = asyncio.Lock()
        """Of who starts or stops a part: one after the other."""

    @property
    def parts(self) -> list[Part]:
        return [self.postgres, self.valkey, *self.nodes, self.proxy]

    @property
    def is_busy(self) -> bool:
        """A part is being started or stopped."""
        return self._hands.locked()

    async def start(self) -> None:
        """Raises NotStarted."""
        self.folder.mkdir(parents=True, exist_ok=True)
        await asyncio.gather(self.postgres.start(), self.valkey.start())
        given = {
            "COUNTERPOINT_DATABASE_URL": self.postgres.url,
            "COUNTERPOINT_REDIS_URL": f"redis://127.0.0.1:{self.ports.valkey}/0",
            "COUNTERPOINT_PUBLIC_URL": self.url,
            "COUNTERPOINT_TRUSTED_PROXIES": "127.0.0.1",
            **self._environment,
        }
        self.nodes = [
            node(number, port, self.folder, self._reach(number, given))
            for number, port in enumerate(self.ports.nodes, 1)
        ]
        for (
            each
        ) in self.nodes:  # in turn: the link that the last one shows for the first account is the one that counts
            await each.start()
        await self.proxy.start()

    async def tend(self) -> None:
        """For ever: begin again what has ended."""
        while True:
            for part in self.parts:
                async with self._hands:
                    if part.pid is None and not self._is_stopping:
                        self._tell(f"{part.name} has ended, and is begun again")
                        await self._begin_again(part)
            await asyncio.sleep(TEND_SECONDS)

    async def roll(self) -> None:
        """Restart one node after the other; the next one when the last is ready. One that does not start is tended."""
        for each in self.nodes:
            async with self._hands:
                await each.stop()
                await self._begin_again(each)
            while each.pid is None:  # noqa: ASYNC110 - whoever tends it tells nobody
                await asyncio.sleep(TEND_SECONDS)

    async def stop(self) -> None:
        """The nodes first, all at once, and what they need after them."""
        self._is_stopping = True
        await asyncio.gather(*(each.stop() for each in self.nodes))
        for part in (self.proxy, self.valkey, self.postgres):
            await part.stop()

    async def _begin_again(self, part: Part) -> None:
        try:
            await part.start()
        except NotStarted as error:
            self._tell(str(error))
        else:
            self._tell(f"{part.name} runs (process {part.pid})")
