"""A node is dead when its row stood still while others looked, and for no other reason."""

from collections.abc import Callable

import pytest

from persistence.database import Database
from persistence.errors import StoreUnavailable
from server.nodes.roster import DEAD_SECONDS, TRUSTED_SECONDS
from tests.server.nodes.conftest import Node

MakeNode = Callable[..., Node]


async def test_nodes_see_one_another_and_what_each_says_of_itself(make_node: MakeNode) -> None:
    a, b = make_node("a"), make_node("b")
    b.figures = {"connections": 7}
    await b.beat()
    await a.beat()
    assert [(each.name, each.figures) for each in a.roster.others] == [("b", {"connections": 7})]
    await b.beat()
    assert b.sees == ["a"]


async def test_a_row_that_stands_still_is_of_a_dead_node(make_node: MakeNode) -> None:
    a, b = make_node("a"), make_node("b")
    await b.beat()
    await a.beat()
    for _ in range(2):
        await a.beat(after=3)
        assert (a.sees, a.gone) == (["b"], [])
    await a.beat(after=DEAD_SECONDS - 6)
    assert (a.sees, a.gone) == ([], ["b"])


async def test_whoever_moves_lives_whatever_the_clocks_say(make_node: MakeNode) -> None:
    a, b = make_node("a"), make_node("b")
    b.clock.seconds = 1e9
    await b.beat()
    for _ in range(10):
        await a.beat(after=3)
        await b.beat(after=3)
    assert (a.gone, b.gone) == ([], [])


async def test_who_was_blind_himself_holds_nobody_for_dead(make_node: MakeNode) -> None:
    a, b = make_node("a"), make_node("b")
    await b.beat()
    await a.beat()
    await a.beat(after=3600)  # the store was away for an hour, or this process was stopped
    assert a.sees == ["b"]
    for _ in range(3):
        await a.beat(after=3)
    assert a.gone == ["b"]


async def test_who_leaves_is_gone_at_the_next_look(make_node: MakeNode) -> None:
    a, b = make_node("a"), make_node("b")
    await b.beat()
    await a.beat()
    await b.roster.leave()
    assert not b.roster.is_sure
    await a.beat(after=3)
    assert a.gone == ["b"]


async def test_who_was_held_for_dead_is_told_so_and_is_there_again(make_node: MakeNode) -> None:
    a, b = make_node("a"), make_node("b")
    await b.beat()
    for _ in range(4):
        await a.beat(after=3)
    assert (a.gone, b.lost) == (["b"], [])
    await b.beat(after=12)
    assert b.lost == ["b"]
    await a.beat(after=3)
    assert a.sees == ["b"]


async def test_a_node_is_sure_of_itself_for_less_time_than_others_wait(make_node: MakeNode) -> None:
    a = make_node("a")
    assert not a.roster.is_sure
    await a.beat()
    a.clock.seconds += TRUSTED_SECONDS - 0.1
    assert a.roster.is_sure
    a.clock.seconds += 0.2
    assert not a.roster.is_sure
    assert TRUSTED_SECONDS < DEAD_SECONDS


async def test_a_store_that_fails_kills_nobody(
    make_node: MakeNode, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = make_node("a"), make_node("b")
    await b.beat()
    await a.beat()

    async def fail(_: object) -> None:
        raise StoreUnavailable("restarting")

    with monkeypatch.context() as patch:
        patch.setattr(database, "write", fail)
        for _ in range(5):
            with pytest.raises(StoreUnavailable):
                await a.beat(after=3)
    await a.beat(after=3)
    assert (a.sees, a.gone) == (["b"], [])


async def test_the_only_node_that_a_store_can_have_buries_whom_it_finds(make_node: MakeNode) -> None:
    before, now = make_node("a"), make_node("b", solitary=True)
    await before.beat()
    await now.beat()
    assert (now.sees, now.gone) == ([], ["a"])
    now.clock.seconds += 3600
    assert now.roster.is_sure
