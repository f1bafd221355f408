"""A document that is open on several nodes: what is committed on one is seen on all, with and without messages."""

import asyncio

import pytest
from sqlalchemy import update

from crdt.awareness import Entry, encode_awareness
from crdt.messages import AwarenessUpdate, Update
from persistence.tables.documents import document_heads
from server.realtime.replication import follower as followers
from server.realtime.replication import replication as keeping
from server.realtime.replication.message import MOST_BYTES
from server.realtime.replication.replication import topic_of
from tests.server.realtime.replication.nodes import Nodes, reads, until_reads


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(followers, "PAUSE_SECONDS", 0.001)
    monkeypatch.setattr(keeping, "LOOK_SECONDS", 0.01)


async def test_what_is_committed_on_one_node_is_seen_on_the_others(nodes: Nodes) -> None:
    document = await nodes.document()
    first, second, third = (nodes.start(name) for name in "abc")
    ada, ben, eve = await first.sit(document), await second.sit(document, "ben"), await third.sit(document, "eve")
    ada.say(Update(ada.edit("one ")))
    await until_reads(ben, "one ")
    ben.say(Update(ben.edit("two")))
    for peer in (ada, eve):
        await until_reads(peer, "one two")
    assert [row.position for row in await nodes.log.read(document, 0)] == [1, 2]
    assert {node.room(document).position for node in nodes.nodes} == {2}
    assert second.replication.figures.read == 0, "messages have brought it all"


async def test_nothing_is_told_before_it_is_committed(nodes: Nodes) -> None:
    document = await nodes.document()
    node, other = nodes.start("a"), nodes.start("b")
    ada, ben = await node.sit(document), await other.sit(document, "ben")
    heads: list[int] = []

    def note(_: bytes) -> bool:
        heads.append(node.room(document).position)
        return False

    nodes.line.lose = note
    ada.say(Update(ada.edit("x")))
    await until_reads(ben, "x")
    assert heads == [1]


async def test_both_write_at_once_and_positions_have_no_gap(nodes: Nodes) -> None:
    document = await nodes.document()
    node, other = nodes.start("a"), nodes.start("b")
    ada, ben = await node.sit(document), await other.sit(document, "ben")
    for letter in "abcdefgh":
        ada.say(Update(ada.edit(letter)))
        ben.say(Update(ben.edit(letter.upper())))
        await asyncio.sleep(0)
    for peer in (ada, ben):
        await until_reads(peer, "abcdefghABCDEFGH")
    assert reads(ada) == reads(ben)
    rows = await nodes.log.read(document, 0)
    assert [row.position for row in rows] == list(range(1, len(rows) + 1))


async def test_a_message_that_is_lost_is_read_from_the_log_when_the_next_one_comes(
    nodes: Nodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "LOOK_SECONDS", 1000.0)
    document = await nodes.document()
    node, other = nodes.start("a"), nodes.start("b")
    ada, ben = await node.sit(document), await other.sit(document, "ben")
    nodes.line.lose = lambda _: True
    ada.say(Update(ada.edit("lost, ")))
    await node.committed()
    nodes.line.lose = lambda _: False
    ada.say(Update(ada.edit("found")))
    await until_reads(ben, "lost, found")
    assert other.replication.figures.read == 2


async def test_with_the_broker_dead_a_look_at_the_log_finds_everything(nodes: Nodes) -> None:
    document = await nodes.document()
    node, other = nodes.start("a", carried=False), nodes.start("b", carried=False)
    ada, ben = await node.sit(document), await other.sit(document, "ben")
    ada.say(Update(ada.edit("x")))
    await until_reads(ben, "x")
    ben.say(Update(ben.edit("y")))
    await until_reads(ada, "xy")
    assert nodes.line.carried == []


async def test_a_gap_of_the_broker_is_looked_after_at_once(nodes: Nodes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "LOOK_SECONDS", 1000.0)
    document = await nodes.document()
    node, other = nodes.start("a"), nodes.start("b")
    ada, ben = await node.sit(document), await other.sit(document, "ben")
    nodes.line.lose = lambda _: True
    ada.say(Update(ada.edit("x")))
    await node.committed()
    nodes.line.gap()
    await until_reads(ben, "x")


async def test_messages_that_come_twice_or_late_change_nothing(nodes: Nodes) -> None:
    document = await nodes.document()
    node, other = nodes.start("a"), nodes.start("b")
    ada, ben = await node.sit(document), await other.sit(document, "ben")
    for letter in "abc":
        ada.say(Update(ada.edit(letter)))
        await node.committed()
    await until_reads(ben, "abc")
    told = len(ben.socket.frames)
    for payload in reversed(tuple(nodes.line.carried)):
        nodes.line.carry(topic_of(document), payload)
    await asyncio.sleep(0)
    assert len(ben.socket.frames) == told
    assert other.room(document).position == 3


async def test_garbage_and_forgeries_are_counted_and_ignored(nodes: Nodes) -> None:
    document = await nodes.document()
    node = nodes.start("a")
    ada = await node.sit(document)
    for payload in (b"", b"\x00" * 40, b"{}"):
        nodes.line.carry(topic_of(document), payload)
    assert node.replication._broker.figures.garbage == 3
    ada.say(Update(ada.edit("x")))
    await node.committed()
    assert node.room(document).position == 1


async def test_what_is_too_long_for_a_message_is_read_from_the_log(nodes: Nodes) -> None:
    document = await nodes.document()
    node, other = nodes.start("a"), nodes.start("b")
    ada, ben = await node.sit(document), await other.sit(document, "ben")
    ada.say(Update(ada.edit("w" * (MOST_BYTES + 1))))
    await until_reads(ben, "w" * (MOST_BYTES + 1))
    assert max(map(len, nodes.line.carried)) < 200


async def test_the_owner_of_a_client_id_is_the_same_on_every_node(nodes: Nodes) -> None:
    document = await nodes.document()
    node, other, third = (nodes.start(name) for name in "abc")
    ada, ben = await node.sit(document, client_id=7), await other.sit(document, "ben")
    ada.say(AwarenessUpdate(encode_awareness([Entry(7, 1, "{}")])))
    await third.sit(document, "eve")
    nodes.line.lose = lambda _: False
    ada.say(Update(ada.edit("x")))
    await until_reads(ben, "x")
    assert other.room(document).room._intake.owner_of(7) == "ada"
    assert (await nodes.log.owners(document, 0)) == {7: "ada"}


async def test_a_document_brought_back_from_a_backup_ends_its_connections_with_that_reason(nodes: Nodes) -> None:
    document = await nodes.document()
    node = nodes.start("a")
    ada = await node.sit(document)
    change = update(document_heads).where(document_heads.c.document_id == document).values(incarnation="f" * 32)
    await nodes.database.write(lambda connection: connection.execute(change))
    await ada.socket.until(lambda: ada.socket.closed is not None)
    assert ada.socket.closed is not None
    assert ada.socket.closed[0] == 4509
    assert node.keeper.find(document) is None, "it is opened anew"


async def test_a_document_that_another_node_has_deleted_ends_here_too(nodes: Nodes) -> None:
    document = await nodes.document()
    ada = await nodes.start("a").sit(document)
    change = update(document_heads).where(document_heads.c.document_id == document).values(is_open=False)
    await nodes.database.write(lambda connection: connection.execute(change))
    await ada.socket.until(lambda: ada.socket.closed is not None)
    assert ada.socket.closed is not None
    assert ada.socket.closed[0] == 4410


async def test_two_nodes_fold_the_same_document_and_nothing_is_lost(
    nodes: Nodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crdt.room.content.Content.wants_compaction", property(lambda self: len(self._tail) > 5))
    document = await nodes.document()
    both = [nodes.start(name) for name in "ab"]
    ada, ben = await both[0].sit(document), await both[1].sit(document, "ben")
    for _ in range(12):
        ada.say(Update(ada.edit("a")))
        ben.say(Update(ben.edit("b")))
        await asyncio.gather(*(node.committed() for node in both))
    for peer in (ada, ben):
        await until_reads(peer, "ab" * 12)
    tasks = [task for node in both if (task := node.room(document).compaction.task) is not None]
    await asyncio.gather(*tasks)
    assert sum(node.figures.compactions for node in both) >= 1
    fresh = await nodes.start("c").sit(document, "eve")
    await until_reads(fresh, "ab" * 12)
    opened = await nodes.log.open(document)
    assert opened is not None
    assert opened.snapshot is not None


async def test_nodes_at_rest_compare_what_they_hold_and_the_log_mends_what_differs(
    nodes: Nodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(followers, "DIGEST_SECONDS", 0.0)
    document = await nodes.document()
    node, other = nodes.start("a"), nodes.start("b")
    ada, ben = await node.sit(document), await other.sit(document, "ben")
    ada.say(Update(ada.edit("x")))
    await until_reads(ben, "x")
    await other.committed()
    assert other.replication.figures.mismatches == 0
    other.room(document).room.content.state[4711] = 3  # as no fault that we know of leaves it
    await ben.socket.until(lambda: ben.socket.closed is not None)
    assert ben.socket.closed is not None
    assert ben.socket.closed[0] == 4508
    assert node.replication.figures.mismatches + other.replication.figures.mismatches >= 1
    again = await other.sit(document, "ben")
    await until_reads(again, "x")


async def test_whoever_comes_from_another_node_before_its_message_is_waited_for_a_moment_only(
    nodes: Nodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "LOOK_SECONDS", 1000.0)
    document = await nodes.document()
    node, other = nodes.start("a"), nodes.start("b")
    ada, ben = await node.sit(document), await other.sit(document, "ben")
    nodes.line.lose = lambda _: True
    first = ada.edit("one ")
    ada.say(Update(first))
    await node.committed()
    ben.doc.apply_update(first)  # by whatever way
    ben.say(Update(ben.edit("two")))
    await ben.socket.until(lambda: other.room(document).position == 1)
    await other.committed()
    assert [row.position for row in await nodes.log.read(document, 0)] == [1, 2]


async def test_one_client_id_with_other_content_on_two_nodes_ends_as_the_log_says(nodes: Nodes) -> None:
    document = await nodes.document()
    both = [nodes.start(name) for name in "ab"]
    twins = [await node.sit(document, "ada", client_id=7) for node in both]
    nodes.line.lose = lambda _: True
    for node, twin, text in zip(both, twins, ("one", "two"), strict=True):
        twin.say(Update(twin.edit(text)))
        node.room(document).flush()
    await asyncio.gather(*(node.committed() for node in both))
    for twin in twins:
        await twin.socket.until(lambda twin=twin: twin.socket.closed is not None)  # type: ignore[misc]
        assert twin.socket.closed is not None
        assert twin.socket.closed[0] == 4508
    fresh = [await node.sit(document, "ben") for node in both]
    for peer in fresh:
        await peer.socket.until(lambda peer=peer: reads(peer) != "")  # type: ignore[misc]
    assert reads(fresh[0]) == reads(fresh[1])
