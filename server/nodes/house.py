"""What makes one server a node among others, put together."""

import asyncio
import logging
import socket
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.metadata import version
from random import uniform
from typing import Any

from persistence.database import Database
from persistence.errors import StoreUnavailable
from persistence.nodes import NodeRow, NodeStore
from server.clock import Clock
from server.nodes.leases import Leases
from server.nodes.roster import BEAT_SECONDS, Roster
from server.realtime.broker import Broker
from server.realtime.json_topic import JsonTopic
from server.settings import Settings

__all__ = ["NodeWing", "node_wing"]

log = logging.getLogger("counterpoint.nodes")


NODES = JsonTopic("nodes", (("node", (str,)),))
"""A node says that it comes, or goes on purpose: the others look at once, and not at their next beat."""


@dataclass(slots=True)
class NodeWing:
    """`start` after the migrations; `stop` when all that leases are for has stopped."""

    roster: Roster
    leases: Leases
    broker: Broker
    is_solitary: bool
    _woken: asyncio.Event = field(default_factory=asyncio.Event)
    _task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Be seen, and see who else is there. Raises StoreUnavailable."""
        await self.round()
        if self.is_solitary:  # nobody else can look at the row, or take what this node holds
            return
        NODES.subscribe(self.broker, self._heard)
        NODES.publish(self.broker, {"node": self.roster.me.id})
        self._task = asyncio.create_task(self._run(), name="nodes")

    async def stop(self) -> None:
        """What this node holds is free at once. A store that does not answer frees it when it sees no more beats."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        try:
            await self.roster.leave()
        except StoreUnavailable as error:
            log.warning("this node could not say that it leaves", extra={"why": str(error)})
        NODES.publish(self.broker, {"node": self.roster.me.id})

    async def round(self) -> None:
        """One beat. Raises StoreUnavailable."""
        await self.leases.look(await self.roster.beat())

    def _heard(self, word: dict[str, Any]) -> None:
        if word["node"] != self.roster.me.id:
            self._woken.set()

    async def _run(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(BEAT_SECONDS * uniform(0.8, 1.0)):  # noqa: S311 - it spreads load
                    await self._woken.wait()
            self._woken.clear()
            try:
                await self.round()
            except StoreUnavailable as error:
                log.warning("no beat: the store does not answer", extra={"why": str(error)})
            except Exception:  # without a beat the others hold this node for dead: it is logged, and tried again
                log.exception("a beat has failed")


def node_wing(
    id_: str, settings: Settings, database: Database, broker: Broker, clock: Clock, *, is_solitary: bool
) -> NodeWing:
    """`id_`: of this run of the process, and of no other. `is_solitary`: the store can have no other node."""
    store = NodeStore(database)
    name = settings.node_name or f"{socket.gethostname()}:{settings.port}"
    me = NodeRow(id_, name[:200], version("counterpoint"), clock.now(), 0, {})
    roster = Roster(store, clock, me, solitary=is_solitary)
    return NodeWing(roster, Leases(store, roster), broker, is_solitary)
