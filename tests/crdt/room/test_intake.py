"""What becomes of an update: rules R4, R5, R6 and R11 of SPEC.md."""

from pycrdt import Doc, Text, merge_updates

from crdt.errors import RefusedUpdate
from crdt.guard import Limits
from crdt.messages import SyncStatus, SyncStep1, SyncStep2, Update
from crdt.room import Resynchronise, Room
from crdt.updates import state_of
from tests.crdt.room.table import Table, fresh


def test_R4_what_is_known_is_acknowledged_only_with_everything_accepted_before_it() -> None:
    table = Table()
    ada, ben = table.sit("ada"), table.sit("ben")
    update = table.types(ada, "x")
    table.says(ben, Update(update))
    assert table.of(ben, SyncStatus) == [SyncStatus(applied=True)]  # its first Step2 only
    table.commit()
    assert table.of(ben, SyncStatus) == [SyncStatus(applied=True)] * 2


def test_R4_an_update_is_logged_once_however_often_it_comes() -> None:
    table = Table()
    ada, ben = table.sit("ada"), table.sit("ben")
    update = table.types(ada, "x")
    table.says(ben, Update(update))
    table.says(ada, Update(update))
    assert [effect.number for effect in table.logged] == [1]


def test_R5_new_clocks_under_another_live_users_id_wait_until_that_user_synchronises() -> None:
    table = Table()
    ada, ben = table.sit("ada", client_id=7), table.sit("ben")
    unseen = ada.writes("mine")
    ben.doc.apply_update(unseen)
    table.says(ben, Update(unseen))
    assert table.logged == []
    table.says(ada, SyncStep2(ada.doc.get_update()))
    assert [row.writer for append in table.logged for row in append.rows] == ["ada"]
    table.commit()
    assert len(table.of(ben, SyncStatus)) == 2


def test_R5_new_clocks_under_anothers_id_are_taken_when_that_user_has_gone() -> None:
    table = Table()
    ada, ben = table.sit("ada", client_id=7), table.sit("ben")
    unseen = ada.writes("mine")
    table.says(ben, Update(unseen))
    table.room.leave(ada.number)
    assert table.logged == []
    table.perform(table.room.fade(ada.number, 3.0))
    table.perform(table.room.flush())
    assert [(row.writer, row.client_ids) for append in table.logged for row in append.rows] == [("ben", ())]


def test_R5_a_crash_peers_copy_of_anothers_edit_is_taken_when_nobody_holds_the_id() -> None:
    table = Table()
    ben = table.join("ben")
    other: Doc[Text] = Doc(client_id=7)
    other["text"] = Text("shown, never committed")
    ben.doc.apply_update(other.get_update())
    table.says(ben, SyncStep1(b"\x00"))
    table.announces(ben)
    table.answers(ben)
    table.commit()
    table.types(ben, "!")
    table.commit()
    assert table.of(ben, SyncStatus) == [SyncStatus(applied=True)] * 2


def test_R5_the_first_writer_under_an_id_that_it_holds_is_its_owner() -> None:
    table = Table()
    ada = table.sit("ada", client_id=7)
    table.types(ada, "x")
    table.types(ada, "y")
    assert [row.client_ids for append in table.logged for row in append.rows] == [(7,), ()]


def test_R6_a_gap_is_held_and_its_sender_is_asked_not_refused() -> None:
    table = Table()
    ada = table.sit("ada")
    lost, late = ada.writes("lost "), ada.writes("late")
    table.says(ada, Update(late))
    assert table.refused == []
    assert table.logged == []
    assert len(table.of(ada, SyncStep1)) == 2
    table.says(ada, Update(lost))
    table.commit()
    assert len(table.of(ada, SyncStatus)) == 3
    ben = table.sit("ben")
    assert table.reads(ben) == "lost late"


def test_R6_a_second_gap_asks_no_second_time_while_an_answer_is_due() -> None:
    table = Table()
    ada = table.sit("ada")
    ada.writes("lost")
    table.says(ada, Update(ada.writes("b")))
    table.says(ada, Update(ada.writes("c")))
    assert len(table.of(ada, SyncStep1)) == 2


def test_R6_what_is_held_is_bounded_and_whose_update_is_pushed_out_synchronises_anew() -> None:
    table = Table()
    ada = table.sit("ada")
    ada.writes("lost")
    for _ in range(257):
        table.says(ada, Update(ada.writes("x")))
    assert Resynchronise(ada.number) in table.effects


def test_R6_of_an_update_with_a_hole_the_part_before_the_hole_is_taken() -> None:
    table = Table()
    ada = table.sit("ada")
    first, lost, last = ada.writes("a"), ada.writes("b"), ada.writes("c")
    table.says(ada, Update(merge_updates(first, last)))
    assert [state_of(row.update) for append in table.logged for row in append.rows] == [{ada.doc.client_id: 1}]
    table.says(ada, Update(lost))
    table.commit()
    assert table.reads(table.sit("ben")) == "abc"
    assert len(table.of(ada, SyncStatus)) == 3


def test_R11_known_clocks_with_other_content_are_refused() -> None:
    table = Table()
    ada = table.sit("ada", client_id=7)
    table.types(ada, "first life")
    bot: Doc[Text] = Doc(client_id=7)
    bot["text"] = Text("other life")
    table.says(ada, Update(bot.get_update()))
    (refusal,) = table.refused
    assert isinstance(refusal.error, RefusedUpdate)
    assert refusal.error.reason == "client_id_reused"


def test_R11_the_same_content_again_is_not_refused_though_deleted_meanwhile() -> None:
    table = Table()
    ada = table.sit("ada")
    update = table.types(ada, "abc")
    before = ada.doc.get_state()
    del ada.text[0:3]
    table.says(ada, Update(ada.doc.get_update(before)))
    table.says(ada, Update(update))
    assert table.refused == []


def test_R11_a_document_over_its_quota_takes_deletions_only() -> None:
    table = Table()
    table.room = Room(fresh(), Limits(document_bytes=100))
    ada = table.sit("ada")
    table.types(ada, "x" * 60)
    before = ada.doc.get_state()
    del ada.text[0:60]
    table.says(ada, Update(ada.doc.get_update(before)))
    assert table.refused == []
    table.types(ada, "y" * 60)
    assert [refusal.error.reason for refusal in table.refused if isinstance(refusal.error, RefusedUpdate)] == ["quota"]
