"""Who is in a document that is open on several nodes."""

import pytest

from crdt.awareness import Entry, decode_awareness, encode_awareness
from crdt.messages import AwarenessUpdate
from server.realtime.replication import follower as followers
from tests.server.realtime.replication.nodes import Nodes
from tests.server.realtime.stage import YPeer


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(followers, "SHOW_SECONDS", 0.001)


def show(peer: YPeer, clock: int, state: str | None = "{}") -> None:
    peer.say(AwarenessUpdate(encode_awareness([Entry(peer.doc.client_id, clock, state)])))


def present(peer: YPeer) -> set[int]:
    """The client ids that a stock client shows after all it was told."""
    shown: dict[int, tuple[int, bool]] = {}
    for message in peer.heard():
        if isinstance(message, AwarenessUpdate):
            for client, clock, state in decode_awareness(message.update):
                known, is_there = shown.get(client, (0, False))
                if clock > known or (clock == known and state is None and is_there):
                    shown[client] = (clock, state is not None)
    return {client for client, (_, is_there) in shown.items() if is_there}


async def until_present(peer: YPeer, *others: YPeer) -> None:
    expected = {other.doc.client_id for other in others}
    await peer.socket.until(lambda: present(peer) - {peer.doc.client_id} == expected)


async def test_everybody_sees_who_is_at_the_other_nodes_and_who_goes(nodes: Nodes) -> None:
    document = await nodes.document()
    first, second = nodes.start("a"), nodes.start("b")
    ada, ben = await first.sit(document), await second.sit(document, "ben")
    show(ada, 1)
    await until_present(ben, ada)
    show(ben, 1)
    await until_present(ada, ben)
    ben.connection.lost(clean=True)
    await until_present(ada)


async def test_whoever_opens_a_document_on_a_new_node_sees_who_is_there_already(nodes: Nodes) -> None:
    document = await nodes.document()
    ada = await nodes.start("a").sit(document)
    show(ada, 1)
    ben = await nodes.start("b").sit(document, "ben")
    await until_present(ben, ada)


async def test_the_people_of_a_node_that_dies_are_gone(nodes: Nodes) -> None:
    document = await nodes.document()
    first, second = nodes.start("a"), nodes.start("b")
    ada, ben = await first.sit(document), await second.sit(document, "ben")
    show(ada, 1)
    await until_present(ben, ada)
    second.replication.node_gone("a")
    await until_present(ben)


async def test_what_was_lost_is_asked_for_when_the_broker_comes_back(nodes: Nodes) -> None:
    document = await nodes.document()
    first, second = nodes.start("a"), nodes.start("b")
    ada, ben = await first.sit(document), await second.sit(document, "ben")
    nodes.line.lose = lambda _: True
    show(ada, 1)
    show(ben, 1)
    first.room(document).flush()
    second.room(document).flush()
    for node in (first, second):
        follower = node.room(document).follower
        assert follower is not None
        follower._show()
    nodes.line.lose = lambda _: False
    nodes.line.gap()
    await until_present(ben, ada)
    await until_present(ada, ben)


async def test_many_moves_are_told_as_the_last_of_them(nodes: Nodes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(followers, "SHOW_SECONDS", 0.02)
    document = await nodes.document()
    first, second = nodes.start("a"), nodes.start("b")
    ada, ben = await first.sit(document), await second.sit(document, "ben")
    before = len(nodes.line.carried)
    for clock in range(1, 50):
        show(ada, clock)
        first.room(document).flush()
    await until_present(ben, ada)
    assert len(nodes.line.carried) == before + 1
