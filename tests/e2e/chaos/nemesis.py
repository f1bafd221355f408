"""The faults of a schedule, done to a real cluster."""

import asyncio
import importlib.util
import os
import signal
import time
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg  # type: ignore[import-untyped]
import httpx

from deploy.cluster import Cluster
from deploy.parts import Part, Program
from tests.e2e.chaos.schedule import CLIENTS, WAYS, Fault, Round, WrongClock
from tests.e2e.support.scissors import Scissors
from tests.e2e.support.waiting import until

__all__ = ["Lines", "Nemesis"]

WELL_SECONDS = 90.0
DELAY_SECONDS, PIECE, CRUMB = 0.15, 1 << 16, 7
BACKENDS = """SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
    ORDER BY backend_start"""


class Lines:
    """Between each node and what it needs, its clock among them, and between clients and their gates."""

    def __init__(self, clock: WrongClock) -> None:
        self._clock = clock
        self._lines = {name: Scissors(0) for name in (*WAYS, *CLIENTS)}
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> "Lines":
        for line in self._lines.values():
            await self._stack.enter_async_context(line)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    def __getitem__(self, name: str) -> Scissors:
        return self._lines[name]

    def reach(self, number: int, given: Mapping[str, str]) -> Mapping[str, str]:
        """The settings of a node that reaches the others by its own lines."""
        broker, database = (self[f"node-{number} to {each}"] for each in ("broker", "database"))
        broker.to = urlsplit(given["COUNTERPOINT_REDIS_URL"]).port or 0
        url = urlsplit(given["COUNTERPOINT_DATABASE_URL"])
        (folder,) = parse_qs(url.query)["host"]
        database.to = Path(folder) / ".s.PGSQL.5432"
        return {
            **given,
            **(_off(self._clock.hours) if number == self._clock.node else {}),
            "COUNTERPOINT_REDIS_URL": f"redis://127.0.0.1:{broker.port}/0",
            "COUNTERPOINT_DATABASE_URL": f"postgresql://{url.username}@127.0.0.1:{database.port}{url.path}",
        }

    def gates(self, cluster: Cluster) -> list[str]:
        """Where clients connect: to either node, and to the proxy."""
        for name, port in zip(CLIENTS, (*cluster.ports.nodes, cluster.ports.proxy), strict=True):
            self[name].to = port
        return [f"ws://127.0.0.1:{self[name].port}" for name in CLIENTS]


class Nemesis:
    def __init__(self, cluster: Cluster, lines: Lines, tell: Callable[[str], None]) -> None:
        self._cluster = cluster
        self._lines = lines
        self._tell = tell

    async def strike(self, each: Round) -> None:
        """All faults of a round, and everything runs again. AssertionError when it does not in time."""
        await asyncio.sleep(each.pause)
        await asyncio.gather(*(self._fault(fault) for fault in each.faults))
        await self.until_well()

    async def until_well(self) -> None:
        began, ills = time.monotonic(), set[str]()
        async with httpx.AsyncClient(trust_env=False, timeout=2) as client:

            async def look() -> bool:
                ill = await self._ill(client)
                ills.update(ill)
                return not ill

            await until(look, "everything to run again", seconds=WELL_SECONDS, every=0.1)
        if ills:
            self._tell(f"all is well after {time.monotonic() - began:.1f} s; until then: {'; '.join(sorted(ills))}")

    async def _ill(self, client: httpx.AsyncClient) -> list[str]:
        """What keeps the cluster from being whole."""
        ill = [part.name for part in self._cluster.parts if part.pid is None]
        if self._cluster.is_busy or ill:
            return ill or ["a part is being started"]
        for port in (*self._cluster.ports.nodes, self._cluster.ports.proxy):
            try:
                answer = await client.get(f"http://127.0.0.1:{port}/readyz")
            except httpx.TransportError as error:
                ill.append(f"{port} {type(error).__name__}")
            else:
                ill += [] if answer.status_code == httpx.codes.OK else [f"{port} {answer.text[:200]}"]
        return ill

    async def _fault(self, fault: Fault) -> None:
        await asyncio.sleep(fault.after)
        self._tell(str(fault))
        match fault.kind:
            case "kill" | "quit" | "freeze":
                await self._signal(fault)
            case "terminate":
                await self._terminate(every=fault.target.startswith("every"))
            case "roll":
                await self._cluster.roll()
            case _:
                await self._spoil(self._lines[fault.target], fault)

    async def _signal(self, fault: Fault) -> None:
        part = self._part(fault.target)
        if part.pid is None:
            self._tell(f"{fault.target} does not run: it has ended by another fault")
        elif isinstance(part, Program):
            part.signal(signal.SIGSTOP if fault.seconds else signal.SIGKILL)
            await asyncio.sleep(fault.seconds)
            if fault.seconds:
                part.signal(signal.SIGCONT)
        else:  # as by its own "immediate" stop: no word to anybody, recovery at the start
            os.kill(part.pid, signal.SIGQUIT)

    async def _terminate(self, *, every: bool) -> None:
        try:
            store = await asyncpg.connect(self._cluster.postgres.url)
        except (OSError, asyncpg.PostgresError):
            self._tell("PostgreSQL does not answer: it has ended by another fault")
            return
        try:
            for row in (await store.fetch(BACKENDS))[: None if every else 1]:
                await store.fetch("SELECT pg_terminate_backend($1)", row["pid"])
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            self._tell("PostgreSQL went by another fault")
        finally:
            store.terminate()

    async def _spoil(self, line: Scissors, fault: Fault) -> None:
        match fault.kind:
            case "reset" | "cut":
                line.shut()
            case "black hole" | "stall":
                line.silence()
            case "delay":
                line.slow(DELAY_SECONDS, PIECE)
            case _:
                line.slow(0.0, CRUMB)
        try:
            await asyncio.sleep(fault.seconds)
        finally:
            line.open()

    def _part(self, name: str) -> Part:
        (found,) = (part for part in self._cluster.parts if part.name == name)
        return found


def _off(hours: int) -> dict[str, str]:
    """The variables that shift a process's wall clock; its monotonic clock stays."""
    found = importlib.util.find_spec("libfaketime")
    assert found is not None, "libfaketime is not installed: it is for Linux"
    assert found.origin is not None
    package = Path(found.origin).parent
    library = package / "vendor" / "libfaketime" / "src" / "libfaketime.so.1"
    assert library.exists()
    return {"LD_PRELOAD": str(library), "FAKETIME": f"{hours:+d}h", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
