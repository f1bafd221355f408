"""Nodes and clients under every fault at once: each acknowledged word is there once, on every node, at every client."""

import asyncio
import logging
from collections.abc import Iterator

import pytest

from crdt.messages import Update
from crdt.room import Broadcast, Learnt
from server.realtime.replication.follower import Follower
from server.realtime.replication.message import Committed
from server.realtime.replication.positions import Positions
from tests.simulation.virtual_time import Stuck, run
from tests.simulation.world import Violation, simulate

SEEDS, IN_ONE = 60, 20


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Dead stores and lost rooms are what this is about."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("first", range(0, SEEDS, IN_ONE))
def test_whatever_befalls_them_nodes_and_clients_agree_and_nothing_is_lost_or_doubled(first: int) -> None:
    outcomes = [simulate(seed) for seed in range(first, first + IN_ONE)]
    happened = sum((each.happened for each in outcomes[1:]), outcomes[0].happened)
    assert happened["a node dies"] > 0, "a seed in which nothing happens proves nothing"
    assert sum(each.figures.heard for each in outcomes) > 0
    assert sum(each.figures.read for each in outcomes) > 0


def test_a_seed_says_everything_that_happens() -> None:
    assert simulate(7) == simulate(7)


def _simulate_many(seeds: int) -> None:
    for seed in range(seeds):
        simulate(seed)


def _untold(message: Update) -> Broadcast:
    return Broadcast((), message, -1)


def _take_all(follower: Follower, message: Committed) -> None:
    follower._take([Learnt(update) for update in message.updates], {}, message.last)


@pytest.mark.parametrize("fault", ["rows are passed over", "rows are not told", "messages are taken in any order"])
def test_the_checker_finds_a_node_that_goes_wrong(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if fault == "rows are passed over":
        monkeypatch.setattr(Positions, "own", lambda self, first, last: self.learnt(last))
    elif fault == "rows are not told":
        monkeypatch.setattr("crdt.room.turn.Broadcast", lambda peers, message, author: _untold(message))
    else:
        monkeypatch.setattr(Follower, "heard", _take_all)
    with pytest.raises(Violation):
        _simulate_many(60)


def test_who_waits_for_nothing_is_told_so() -> None:
    async def wait() -> None:
        await asyncio.Event().wait()

    with pytest.raises(Stuck):
        run(wait())
