"""A chore that fails is logged and comes round again."""

import logging

import pytest

from persistence.errors import StoreUnavailable
from server.operations.chores import Chores


async def test_a_chore_that_fails_is_logged_and_does_not_end_the_round(caplog: pytest.LogCaptureFixture) -> None:
    async def broken() -> None:
        raise ValueError("sesame")

    async def waits() -> None:
        raise StoreUnavailable("locked")

    chores = Chores()
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

    chores = Chores()
    chores.add("never", 3600, never)
    chores.start()
    await chores.stop()
