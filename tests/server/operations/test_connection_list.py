"""The connections of every node are listed, each with what is known of it; nodes that do not answer are named."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from crdt.messages import SyncStep1
from persistence.nodes import NodeRow
from server.nodes.roster import Roster
from server.operations import connection_list as module
from server.operations.connection_list import ConnectionList, Wanted
from server.realtime.broker import MemoryBroker
from server.realtime.connections.registry import ConnectionLimits, ConnectionRegistry
from server.realtime.figures import Figures
from server.realtime.questions import Questions
from tests.server.realtime.stage import OpenDoor, Stage, YPeer, staged

ALL = Wanted(None, None, 100)
ONE, TWO, GONE = (
    NodeRow(letter * 32, f"pad/{name}", "1.0", datetime(2026, 1, 1, tzinfo=UTC), 7, {})
    for letter, name in (("a", "1"), ("b", "2"), ("c", "3"))
)


def list_of(
    stage: Stage, me: NodeRow, others: Sequence[NodeRow] = (), peers: Sequence[YPeer] = (), key: bytes | None = b"key"
) -> ConnectionList:
    """Of a node with these connections."""
    registry = ConnectionRegistry(stage.clock, stage.broker, Figures(), ConnectionLimits(9, 9, 9))
    for peer in peers:
        registry.add(peer.connection)
    questions = Questions(me.id, stage.broker, key)
    questions.start()
    return ConnectionList(registry, cast("Roster", SimpleNamespace(me=me, others=others)), questions, stage.clock)


async def test_a_connection_is_told_with_its_user_its_documents_and_what_has_crossed_it(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        document = await stage.document()
        ada = await stage.sync(document)
        ada.say(SyncStep1(ada.doc.get_state()))
        ada.socket.waiting_bytes = 5
        nodes = list_of(stage, ONE, peers=[ada])
        [found] = (await nodes.of_all(ALL, "org")).connections
        [to_others] = (await nodes.of_all(ALL, "another")).connections
    assert (found.id, found.node, found.kind, found.protocol) == (f"{ONE.id}-1", "pad/1", "documents", "y-websocket")
    assert (found.user_id, found.user_name, found.address) == ("ada", "ada", "here")
    assert (found.documents, found.document_count) == ([document], 1)
    assert (found.messages_in, found.bytes_in > 2) == (1, True)
    assert (found.messages_out, found.bytes_out > 2) == (len(ada.socket.frames), True)
    assert (found.waiting_bytes, found.is_stalled) == (5, False)
    assert (to_others.user_id, to_others.user_name) == ("ada", None)


async def test_those_of_every_node_are_listed_where_most_waits_first(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        document, other = await stage.document(), await stage.document()
        ada, ben = await stage.sync(document), await stage.sync(other, OpenDoor(user="ben"))
        ben.socket.waiting_bytes = 1
        list_of(stage, TWO, peers=[ben])
        nodes = list_of(stage, ONE, [TWO], peers=[ada])
        found = await nodes.of_all(ALL, "org")
        by_user = await nodes.of_all(Wanted("ada", None, 100), "org")
        by_document = await nodes.of_all(Wanted(None, other, 100), "org")
        few = await nodes.of_all(Wanted(None, None, 1), "org")
        one, nobody = await nodes.one(f"{TWO.id}-1"), await nodes.one(f"{TWO.id}-2")
    assert [(each.node, each.user_id) for each in found.connections] == [("pad/2", "ben"), ("pad/1", "ada")]
    assert (found.total, found.unknown) == (2, [])
    assert [each.user_id for each in by_user.connections] == ["ada"]
    assert [each.user_id for each in by_document.connections] == ["ben"]
    assert (few.total, [each.user_id for each in few.connections]) == (2, ["ben"])
    assert one is not None
    assert (one.user_id, nobody) == ("ben", None)


async def test_a_node_that_does_not_answer_is_named_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with staged(tmp_path) as stage:
        nodes, alone = list_of(stage, ONE, [GONE]), list_of(stage, TWO, [GONE], key=None)

        async def at_once(*asked: Any) -> dict[str, Any]:
            return {}

        monkeypatch.setattr(nodes._questions, "ask", at_once)
        [silent] = (await nodes.of_all(ALL, "org")).unknown
        [unasked] = (await alone.of_all(ALL, "org")).unknown
        monkeypatch.setattr(nodes._questions, "ask", at_another_version)
        [newer] = (await nodes.of_all(ALL, "org")).unknown
    assert (silent.node, silent.reason) == ("pad/3", "it did not answer within 1 s")
    assert unasked.reason == "no broker is set, so nodes cannot be asked"
    assert newer.reason == "it is of another version, 1.0"
    assert module.reason_of_silence(Questions("x", MemoryBroker(), None)) == unasked.reason


async def at_another_version(*asked: Any) -> dict[str, Any]:
    return {GONE.id: {"sockets": []}}
