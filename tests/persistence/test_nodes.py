"""Nodes and leases as rows: one holder at a time, and a fence that a former one cannot pass."""

import asyncio
import uuid

import pytest

from persistence.database import Database
from persistence.nodes import LeaseLost, LeaseRow, NodeRow, NodeStore, confirm_lease
from tests.persistence.conftest import NOW


def node(name: str = "a") -> NodeRow:
    return NodeRow(uuid.uuid4().hex, name, "1.0", NOW, 1, {"connections": 3})


async def test_a_beat_is_seen_and_says_whether_the_row_was_there(database: Database) -> None:
    store, one = NodeStore(database), node()
    assert [await store.beat(one), await store.beat(one)] == [False, True]
    assert (await store.look())[0] == [one]


async def test_only_the_beat_that_was_seen_to_stand_still_is_buried(database: Database) -> None:
    store, one = NodeStore(database), node()
    await store.beat(one)
    assert not await store.bury(one.id, beat=0)
    assert await store.bury(one.id, beat=1)
    assert not await store.bury(one.id)
    assert await store.look() == ([], [])


async def test_a_lease_has_one_holder_and_is_free_when_its_node_is_buried(database: Database) -> None:
    store, one, two = NodeStore(database), node("a"), node("b")
    for each in (one, two):
        await store.beat(each)
    taken = await asyncio.gather(*(store.take("thin", each.id) for each in (one, two)))
    [lease] = [each for each in taken if each is not None]
    assert (lease.name, lease.fence) == ("thin", 1)
    assert (await store.look())[1] == [lease]
    holder, other = (one, two) if lease.node_id == one.id else (two, one)
    assert await store.bury(holder.id)
    assert (await store.look())[1] == [LeaseRow("thin", None, 1)]
    assert await store.take("thin", holder.id) is None, "who has no row would hold it for ever"
    assert await store.take("thin", other.id) == LeaseRow("thin", other.id, 2)


async def test_a_former_holder_cannot_write(database: Database) -> None:
    store, one, two = NodeStore(database), node("a"), node("b")
    for each in (one, two):
        await store.beat(each)
    former = await store.take("thin", one.id)
    assert former is not None
    await database.write(lambda connection: confirm_lease(connection, former))
    await store.bury(one.id)
    await store.take("thin", two.id)
    await store.beat(one)  # it is back, and does not know yet
    with pytest.raises(LeaseLost, match="thin"):
        await database.write(lambda connection: confirm_lease(connection, former))
