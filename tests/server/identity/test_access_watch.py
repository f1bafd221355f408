"""A change of rights reaches every node: by the broker, or from the store where the broker has failed."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import Connection

from persistence.access_changes import AccessChange, AccessChangeStore, note_access, note_kick
from persistence.database import Database
from persistence.errors import StoreUnavailable
from server.identity import access_watch as module
from server.identity.access import announce
from server.identity.access_watch import AccessWatch
from server.realtime.access import ACCESS, KICKS
from server.realtime.broker import MemoryBroker
from tests.server.identity.place import HandClock


class GapBroker(MemoryBroker):
    """Says a gap when a test wants one."""

    def on_gap(self, listener):  # type: ignore[no-untyped-def]
        self.say_gap = listener
        return lambda: None


class Node:
    def __init__(self, database: Database, clock: HandClock) -> None:
        self.database = database
        self.broker = GapBroker()
        self.store = AccessChangeStore(database)
        self.watch = AccessWatch(self.store, self.broker, clock)
        self.heard: list[str | None] = []
        self.moved = asyncio.Event()
        ACCESS.subscribe(self.broker, self._hear)
        ACCESS.subscribe(self.broker, self.watch._heard)

    def _hear(self, change: dict[str, Any]) -> None:
        self.heard.append(change["user"])
        self.moved.set()

    async def change(self, user: str) -> None:
        """Somewhere else: its node tells nobody."""
        await self.database.write(lambda connection: note_access(connection, user=user))


@pytest.fixture
async def node(database: Database, clock: HandClock) -> Node:
    node = Node(database, clock)
    await node.watch.look()
    return node


async def test_what_nobody_has_told_is_told_once(node: Node) -> None:
    await node.change("ada")
    for _ in range(3):
        await node.watch.look()
    assert node.heard == ["ada"]


async def test_what_the_broker_has_told_is_not_told_again_but_what_follows_is(node: Node) -> None:
    await node.change("ada")
    announce(node.broker, user="ada")
    await node.watch.look()
    assert node.heard == ["ada"]
    await node.change("ada")
    await node.watch.look()
    assert node.heard == ["ada", "ada"]


async def test_a_word_that_comes_after_its_row_hides_no_later_change(node: Node) -> None:
    await node.change("ada")
    await node.watch.look()
    announce(node.broker, user="ada")
    await node.change("ada")
    await node.watch.look()
    assert node.heard == ["ada", "ada", "ada"]


async def test_a_row_that_is_committed_after_a_later_one_is_found_for_a_minute(node: Node, clock: HandClock) -> None:
    for user in ("early", "late"):
        await node.change(user)
    [_, late] = await node.store.after(0)
    both = node.store.after
    node.store.after = lambda behind: _of([late], behind)  # type: ignore[method-assign]
    await node.watch.look()
    node.store.after = both  # type: ignore[method-assign]
    clock.move(seconds=module.OPEN_SECONDS - 1)
    await node.watch.look()
    assert node.heard == ["late", "early"]
    clock.move(seconds=module.OPEN_SECONDS + 1)
    for _ in range(2):
        await node.watch.look()
    assert (node.heard, node.watch._seen, node.watch._behind) == (["late", "early"], {}, late.id)
    assert not node.watch._balance


async def _of(changes: list[Any], _: int) -> list[Any]:
    return changes


async def test_connections_to_be_closed_are_told_once_and_are_no_change_of_rights(node: Node) -> None:
    kicked: list[AccessChange] = []
    node.watch.on_kick(kicked.append)

    def work(connection: Connection) -> None:
        note_kick(connection, user="ada", of_connection=None, reason="too much")
        note_kick(connection, user=None, of_connection="n-1", reason="too long")

    await node.database.write(work)
    for _ in range(2):
        await node.watch.look()
    assert [(each.user, each.connection, each.reason) for each in kicked] == [
        ("ada", None, "too much"),
        (None, "n-1", "too long"),
    ]
    assert node.heard == []


async def test_a_word_of_the_broker_makes_a_node_look_for_them_at_once(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOOK_SECONDS", 3600.0)
    kicked, moved = [], asyncio.Event()
    node.watch.on_kick(lambda change: (kicked.append(change.user), moved.set())[1])
    node.watch.start()
    try:
        await node.database.write(
            lambda connection: note_kick(connection, user="ada", of_connection=None, reason="too much")
        )
        KICKS.publish(node.broker, {})
        async with asyncio.timeout(5):
            await moved.wait()
        assert kicked == ["ada"]
    finally:
        await node.watch.stop()


async def test_who_starts_is_not_told_of_what_was_before(node: Node, clock: HandClock) -> None:
    await node.change("ada")
    later = Node(node.database, clock)
    for _ in range(2):
        await later.watch.look()
    assert later.heard == []


async def test_a_gap_of_the_broker_is_a_reason_to_look_at_once(
    node: Node, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "LOOK_SECONDS", 3600.0)
    node.watch.start()
    try:
        await node.change("ada")
        failing = [StoreUnavailable("gone"), None]
        after = node.store.after

        async def once_gone(behind: int) -> Any:
            if (error := failing.pop(0) if failing else None) is not None:
                node.broker.say_gap()
                raise error
            return await after(behind)

        monkeypatch.setattr(node.store, "after", once_gone)
        node.broker.say_gap()
        async with asyncio.timeout(5):
            await node.moved.wait()
        assert node.heard == ["ada"]
        assert "changes of rights cannot be looked for" in caplog.text
    finally:
        await node.watch.stop()
