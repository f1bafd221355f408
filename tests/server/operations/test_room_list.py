"""An open document is listed once, with everybody who is in it on any node, and how far each node is behind."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from crdt.messages import Update
from persistence.nodes import NodeRow
from persistence.whereabouts import Whereabouts
from server.nodes.roster import Roster
from server.operations.admin_model import AdminPerson, RoomHere
from server.operations.room_list import RoomList, _merged
from server.realtime import questions as module
from server.realtime.questions import Questions
from tests.persistence.appender import NAME
from tests.server.realtime.stage import OpenDoor, Stage, staged

ONE, TWO, GONE = (
    NodeRow(letter * 32, f"pad/{name}", "1.0", datetime(2026, 1, 1, tzinfo=UTC), 7, {})
    for letter, name in (("a", "1"), ("b", "2"), ("c", "3"))
)


def list_of(stage: Stage, me: NodeRow, *others: NodeRow) -> RoomList:
    questions = Questions(me.id, stage.broker, b"key")
    questions.start()
    roster = cast("Roster", SimpleNamespace(me=me, others=others))
    return RoomList(stage.keeper, roster, questions, Whereabouts(stage.database))


async def test_a_room_tells_its_title_and_its_people_to_their_own_organisation(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        document = await stage.document()
        ada = await stage.sync(document)
        await stage.sync(document, OpenDoor(user="ben"))
        ada.say(Update(ada.edit("word")))
        await stage.keeper.flush(5)
        nodes = list_of(stage, ONE)
        [room] = (await nodes.of_all(9, NAME)).rooms
        [people] = [each.people for each in (await nodes.of_all(9, "org")).rooms]
    assert (room.title, room.peers, room.users) == ("Plan", 2, 2)
    assert {(each.user_id, each.name) for each in room.people} == {("ada", None), ("ben", None)}
    assert {each.name for each in people} == {"ada", "ben"}
    assert (room.position, room.behind_rows, room.is_saved, room.snapshot_position) == (1, 0, True, 0)


async def test_one_document_on_two_nodes_is_one_and_a_silent_node_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with staged(tmp_path) as stage:
        await stage.sync(await stage.document())
        list_of(stage, TWO)  # it has the same rooms, for there is one stage
        nodes = list_of(stage, ONE, TWO, GONE)
        monkeypatch.setattr(nodes._questions, "ask", _at_once(nodes._questions))
        found = await nodes.of_all(9, "org")
    [room] = found.rooms
    assert (found.total, room.peers, room.users, [each.node for each in room.nodes]) == (1, 2, 1, ["pad/1", "pad/2"])
    assert room.title is None
    assert [(each.node, each.reason) for each in found.unknown] == [
        ("pad/3", f"it did not answer within {module.ANSWER_SECONDS:g} s")
    ]


def _at_once(questions: Questions) -> object:
    """A second is too long for a test."""
    ask = questions.ask

    async def asked(name: str, body: object, nodes: Sequence[str]) -> dict[str, object]:
        return await ask(name, body, nodes, 0.05)

    return asked


def test_a_node_is_behind_what_any_other_one_knows() -> None:
    room = _merged([part("one", 7, behind_rows=1), part("two", 5, is_saved=False)])
    assert (room.position, room.behind_rows, room.is_saved) == (7, 3, False)
    assert [each.behind_rows for each in room.nodes] == [1, 3]
    assert [each.people for each in room.nodes] == [[], []]


def part(node: str, position: int, *, behind_rows: int = 0, is_saved: bool = True) -> RoomHere:
    return RoomHere(
        node=node,
        document_id="d",
        peers=1,
        users=1,
        people=[AdminPerson(user_id="ada", name="Ada", organisation_id="org")],
        size_bytes=9,
        position=position,
        behind_rows=behind_rows,
        is_saved=is_saved,
        snapshot_position=0,
        is_folding=False,
    )
