"""Nodes on one store, which beat when the test says, by a clock that stands still."""

from collections.abc import Callable

import pytest

from persistence.database import Database
from persistence.nodes import NodeRow, NodeStore
from server.clock import SystemClock
from server.nodes.leases import Leases
from server.nodes.roster import Roster


class HandClock(SystemClock):
    def __init__(self) -> None:
        self.seconds = 100.0

    def monotonic(self) -> float:  # type: ignore[override]
        return self.seconds


class Node:
    def __init__(self, store: NodeStore, name: str, *, solitary: bool = False) -> None:
        self.clock = HandClock()
        self.figures = {"connections": 0}
        row = NodeRow(name * 32, name, "1.0", self.clock.now(), 0, {})
        self.roster = Roster(store, self.clock, row, figures=lambda: self.figures, solitary=solitary)
        self.leases = Leases(store, self.roster)
        self.gone: list[str] = []
        self.lost: list[str] = []
        self.roster.on_gone(lambda node: self.gone.append(node[0]))
        self.roster.on_lost(lambda: self.lost.append(name))

    async def beat(self, *, after: float = 0.0) -> None:
        self.clock.seconds += after
        await self.leases.look(await self.roster.beat())

    @property
    def sees(self) -> list[str]:
        return [each.name for each in self.roster.others]


@pytest.fixture
def store_url(sqlite_url: str) -> str:
    """SQLite is enough here: what the store does on PostgreSQL is proved in tests/persistence."""
    return sqlite_url


@pytest.fixture
def make_node(database: Database) -> Callable[..., Node]:
    store = NodeStore(database)
    return lambda name, **how: Node(store, name, **how)
