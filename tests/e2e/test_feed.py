"""Unmodified clients of Centrifugo's protocol, cut off again and again, end with every event once and in order."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from random import Random
from time import monotonic

import pytest

from tests.e2e.support.followers import NodeFollower, PythonFollower, Told, account_for, head_of, listed
from tests.e2e.support.rest import Api
from tests.e2e.support.scissors import Scissors

AT_ONCE = 4
MISSED = 310
"""More than what is recovered at once."""
SEED = 4
LEAST, MOST = 0.05, 0.25
TRANSPORTS = ("websocket", "http_stream", "sse")
"""Of the npm client."""


async def make(api: Api, workspace: str, count: int) -> None:
    """So many documents, a few at a time."""
    left = iter(range(count))

    async def some() -> None:
        for number in left:
            await api.document(workspace, f"Plan {number}")

    await asyncio.gather(*(some() for _ in range(AT_ONCE)))


@asynccontextmanager
async def cutting(line: Scissors) -> AsyncIterator[None]:
    """At random moments, while this lasts."""
    task = asyncio.create_task(line.keep_cutting(Random(SEED), LEAST, MOST))
    yield
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def out_for_long(api: Api, workspace: str, line: Scissors) -> None:
    """Nobody is connected while more happens than is told afterwards."""
    line.shut()
    await make(api, workspace, MISSED)
    line.open()


async def follow(api: Api, count: int, outages: int = 0) -> dict[str, Told]:
    """Documents are made while the line is cut; the clients are equal to what a fresh one reads, and miss nothing."""
    workspace = await api.workspace()
    rounds = outages + 1
    total = count + outages * MISSED
    async with Scissors(api.server.port) as line:
        started = await asyncio.gather(
            *(NodeFollower.start(api, line.port, workspace, transport) for transport in TRANSPORTS),
            PythonFollower.start(api, line.port, workspace),
        )
        followers = dict(zip((*TRANSPORTS, "PyPI"), started, strict=True))
        try:
            began = monotonic()
            for number in range(rounds):
                async with cutting(line):
                    await make(api, workspace, count // rounds + (count % rounds if number == 0 else 0))
                if number < outages:
                    await out_for_long(api, workspace, line)
            seconds = monotonic() - began
            head = await head_of(api, workspace)
            told = {name: await follower.told(head) for name, follower in followers.items()}
        finally:
            for follower in followers.values():
                follower.stop()
        there = await listed(api, workspace)
        assert len(there) == total
        print(f"{total} events in {seconds:.0f} s, {line.cuts} cuts")
        for name, each in told.items():
            account = account_for(each, head)
            heard = sum("event" in entry for entry in each.log)
            print(f"{name}: {heard} events, {account.recovered} times recovered, {account.lost} times told to reload")
            assert each.documents == there
            assert account.recovered > 0 or outages, "it was never cut off"
            assert account.lost == outages
    return told


async def test_clients_that_are_cut_off_get_every_event_once_and_in_order(api: Api) -> None:
    await follow(api, 300)


async def test_who_was_away_for_too_much_is_told_so_and_reloads(api: Api) -> None:
    await follow(api, 30, outages=1)


@pytest.mark.long
async def test_and_of_ten_thousand_events_too(api: Api) -> None:
    await follow(api, 10_000 - 3 * MISSED, outages=3)
