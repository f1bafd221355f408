"""A chore that fails is logged and comes round again."""

import logging

import pytest

from persistence.errors import StoreUnavailable
from server.operations.chores import Chores


class Held:
    """The leases of a node that holds what it is given."""

    def __init__(self, *names: str) -> None:
        self.wanted: list[str] = []
        self.names = names

    def want(self, name: str) -> None:
        self.wanted.append(name)

    def holds(self, name: str) -> str | None:
        return name if name in self.names else None


async def test_what_one_node_does_alone_waits_for_its_lease() -> None:
    done: list[str] = []

    async def thin() -> None:
        done.append("thin")

    held = Held()
    chores = Chores(held)
    chores.add("thin", 0, thin, alone=True)
    assert held.wanted == ["thin"]
    await chores.round()
    assert done == []
    held.names = ("thin",)
    await chores.round()
    assert done == ["thin"]


async def test_a_chore_that_fails_is_logged_and_does_not_end_the_round(caplog: pytest.LogCaptureFixture) -> None:
    async def broken() -> None:
        raise ValueError("sesame")

    async def waits() -> None:
        raise StoreUnavailable("locked")

    chores = Chores(Held())
    with caplog.at_level(logging.WARNING):
        await chores.run("sweep", broken)
        await chores.run("thin", waits)
    assert [(each.levelname, each.__dict__["chore"]) for each in caplog.records] == [
        ("ERROR", "sweep"),
        ("WARNING", "thin"),
    ]


async def test_chores_stop_cleanly() -> None:
    async def never() -> None:
        raise AssertionError

    chores = Chores(Held())
    chores.add("never", 3600, never)
    chores.start()
    await chores.stop()
