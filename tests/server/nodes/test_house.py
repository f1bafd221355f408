"""The wing of a node: seen at once when it comes, and what it held is the next one's when it goes."""

import asyncio
from collections.abc import Callable

from persistence.database import Database
from server.clock import SystemClock
from server.nodes.house import NodeWing, node_wing
from server.realtime.broker import MemoryBroker
from server.settings import Settings


def pair(database: Database) -> tuple[NodeWing, NodeWing]:
    """Two nodes that one broker reaches."""
    broker, clock = MemoryBroker(), SystemClock()
    one, two = (
        node_wing(name * 32, Settings(node_name=name), database, broker, clock, is_solitary=False) for name in "ab"
    )
    return one, two


async def until(is_so: Callable[[], bool]) -> None:
    """Beats are told by the broker here, not by the clock."""
    async with asyncio.timeout(2):
        while not is_so():
            await asyncio.sleep(0)


async def test_who_goes_on_purpose_is_succeeded_before_the_next_beat(database: Database) -> None:
    a, b = pair(database)
    for each in (a, b):
        each.leases.want("thin")
        await each.start()
    await until(lambda: [each.name for each in a.roster.others] == ["b"])
    assert (a.leases.holds("thin") is not None, b.leases.holds("thin")) == (True, None)
    await a.stop()
    await until(lambda: b.leases.holds("thin") is not None)
    assert b.roster.others == ()
    await b.stop()


async def test_a_node_alone_on_its_store_holds_everything_and_has_no_task(database: Database) -> None:
    wing = node_wing("a" * 32, Settings(port=1234), database, MemoryBroker(), SystemClock(), is_solitary=True)
    wing.leases.want("thin")
    await wing.start()
    assert wing.leases.holds("thin") is not None
    assert wing.roster.me.name.endswith(":1234")
    await wing.stop()
    assert wing.leases.holds("thin") is None
