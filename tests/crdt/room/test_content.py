"""The document as a room holds it: rules R10 and R16 of SPEC.md."""

from pycrdt import merge_updates

from crdt.messages import SyncStatus, SyncStep1, SyncStep2, Update
from crdt.room import Opening, Room
from crdt.updates import DeleteRanges
from tests.crdt.room.table import EMPTY, HOCUSPOCUS, Table


def test_R10_a_stalled_peer_is_passed_over_and_brought_up_to_date_by_one_update() -> None:
    table = Table()
    ada, ben = table.sit("ada"), table.sit("ben")
    table.types(ada, "a")
    table.room.stalled(ben.number)
    for letter in "bcd":
        table.types(ada, letter)
    assert len(table.of(ben, Update)) == 1
    table.perform(table.room.drained(ben.number))
    assert len(table.of(ben, Update)) == 2
    assert table.reads(ben) == "abcd"


def test_R10_a_stalled_peer_is_made_whole_even_when_the_turns_were_folded() -> None:
    table = Table()
    ada, ben = table.sit("ada"), table.sit("ben")
    table.types(ada, "a")
    table.mutters(ada, Update(ada.writes("b")))
    table.room.stalled(ben.number)
    table.perform(table.room.flush())
    table.types(ada, "c")
    content = table.room.content
    content.compacted(3, merge_updates(*content.until(3)))
    table.perform(table.room.drained(ben.number))
    assert table.reads(ben) == "abc"


def test_R10_an_acknowledgement_waits_for_a_socket_that_drains() -> None:
    table = Table()
    ada = table.sit("ada")
    table.types(ada, "a")
    table.room.stalled(ada.number)
    table.commit()
    assert len(table.of(ada, SyncStatus)) == 1
    table.perform(table.room.drained(ada.number))
    assert len(table.of(ada, SyncStatus)) == 2


def test_R16_a_room_opened_from_a_snapshot_and_rows_knows_all_of_it() -> None:
    table = Table()
    ada = table.sit("ada")
    first, second = ada.writes("snap"), ada.writes("shot")
    opening = Opening(first, {ada.doc.client_id: 8}, DeleteRanges(), (second,), {ada.doc.client_id: "ada"})
    table.room = Room(opening)
    assert table.reads(table.sit("ben")) == "snapshot"
    again = table.sit("ada", client_id=ada.doc.client_id)
    table.says(again, Update(second))
    assert table.logged == []


def test_R16_a_big_document_is_sent_as_its_snapshot_and_the_turns_since() -> None:
    table = Table()
    ada = table.sit("ada")
    table.types(ada, "x" * 3_000_000)
    content = table.room.content
    content.compacted(1, merge_updates(*content.until(1)))
    table.types(ada, "y")
    ben = table.join("ben", manners=HOCUSPOCUS)
    table.says(ben, SyncStep1(b"\x00"))
    assert len(table.of(ben, SyncStep2)) == 1
    assert len(table.of(ben, Update)) == 1
    assert table.reads(ben).endswith("xy")


def test_R16_big_rows_of_the_log_are_all_sent_after_an_opening() -> None:
    table = Table()
    ada = table.sit("ada")
    rows = tuple(ada.writes(letter * 40_000) for letter in "abcd")
    table.room = Room(Opening(EMPTY, {ada.doc.client_id: 160_000}, DeleteRanges(), rows, {}))
    ben = table.sit("ben")
    assert table.reads(ben) == str(ada.text)
    assert len(table.of(ben, SyncStep2) + table.of(ben, Update)) == 4
