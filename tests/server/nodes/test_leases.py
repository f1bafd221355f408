"""One node at a time does it, and another one when that is gone."""

from collections.abc import Callable

from tests.server.nodes.conftest import Node

MakeNode = Callable[..., Node]


async def two_who_want(make_node: MakeNode) -> tuple[Node, Node]:
    a, b = make_node("a"), make_node("b")
    for each in (a, b):
        each.leases.want("thin")
        await each.beat()
    return a, b


async def test_the_first_has_it_and_keeps_it(make_node: MakeNode) -> None:
    a, b = await two_who_want(make_node)
    for _ in range(5):
        await a.beat(after=3)
        await b.beat(after=3)
    assert [each.leases.holds("thin") is not None for each in (a, b)] == [True, False]
    assert a.leases.holds("sweep") is None


async def test_it_is_taken_over_from_the_dead_with_a_higher_fence(make_node: MakeNode) -> None:
    a, b = await two_who_want(make_node)
    before = a.leases.holds("thin")
    for _ in range(3):
        await b.beat(after=3)
    after = b.leases.holds("thin")
    assert before is not None
    assert after is not None
    assert after.fence > before.fence


async def test_who_leaves_leaves_it_to_the_next(make_node: MakeNode) -> None:
    a, b = await two_who_want(make_node)
    await a.roster.leave()
    assert a.leases.holds("thin") is None
    await b.beat(after=3)
    assert b.leases.holds("thin") is not None


async def test_who_is_not_sure_to_live_does_nothing(make_node: MakeNode) -> None:
    a, b = await two_who_want(make_node)
    a.clock.seconds += 7  # stopped, or cut off from the store, and nobody has buried it yet
    assert a.leases.holds("thin") is None
    assert a.leases.held == ()
    await a.beat()
    assert a.leases.holds("thin") is not None
    assert b.leases.holds("thin") is None


async def test_who_was_held_for_dead_has_nothing_any_more(make_node: MakeNode) -> None:
    a, b = await two_who_want(make_node)
    for _ in range(3):
        await b.beat(after=3)
    await a.beat(after=9)
    assert a.leases.holds("thin") is None
    assert b.leases.holds("thin") is not None
