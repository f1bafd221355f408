"""The room's rules: section R of SPEC.md, each by its number."""

import json

import pytest
from pycrdt import Doc, Text, merge_updates

from crdt.awareness import decode_awareness
from crdt.errors import RefusedUpdate
from crdt.guard import Limits
from crdt.messages import AwarenessUpdate, Stateless, SyncStatus, SyncStep1, SyncStep2, Update
from crdt.room import Append, Broadcast, Opening, Resynchronise, Right, Room
from crdt.updates import DeleteRanges, state_of
from tests.crdt.room.table import EMPTY, HOCUSPOCUS, Y_WEBSOCKET, Table, fresh


def barrier(number: int) -> Stateless:
    return Stateless(json.dumps({"barrier": number}))


# Joining.


def test_R1_a_y_websocket_peer_is_greeted_with_the_rooms_state_vector() -> None:
    table = Table()
    ada = table.join("ada", manners=Y_WEBSOCKET)
    assert table.heard[ada.number] == [SyncStep1(b"\x00")]


def test_R1_a_hocuspocus_peer_is_asked_when_it_asks() -> None:
    table = Table()
    ada = table.join("ada")
    assert table.heard[ada.number] == []
    table.says(ada, SyncStep1(b"\x00"))
    assert table.heard[ada.number] == [SyncStep1(b"\x00"), SyncStep2(EMPTY)]


def test_R1_a_newcomer_hears_who_is_there() -> None:
    table = Table()
    ada = table.sit("ada")
    ben = table.join("ben")
    (frame,) = table.of(ben, AwarenessUpdate)
    assert [entry.client_id for entry in decode_awareness(frame.update)] == [ada.doc.client_id]


def test_R2_the_log_comes_before_the_broadcast_of_the_same_turn() -> None:
    table = Table()
    ada, _ben = table.sit("ada"), table.sit("ben")
    table.effects.clear()
    table.types(ada, "x")
    assert [type(effect) for effect in table.effects] == [Append, Broadcast]


def test_R3_a_peer_that_has_not_asked_for_the_document_hears_no_update() -> None:
    table = Table()
    ada, ben = table.sit("ada"), table.join("ben")
    table.types(ada, "x")
    assert table.of(ben, Update) == []
    table.says(ben, SyncStep1(b"\x00"))
    assert table.reads(ben) == "x"


def test_R3_a_malformed_state_vector_ends_the_seat() -> None:
    table = Table()
    ada = table.join("ada")
    table.says(ada, SyncStep1(b"\xff\xff\xff\xff\x07"))
    assert [refusal.peer for refusal in table.refused] == [ada.number]


# What is new, known, missing, another's.


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


# Acknowledgement.


def test_R7_nothing_is_acknowledged_before_the_first_sync_is_committed() -> None:
    table = Table()
    ada = table.join("ada")
    table.says(ada, SyncStep1(b"\x00"))
    table.types(ada, "early")
    table.commit()
    assert table.of(ada, SyncStatus) == []
    table.answers(ada)
    assert table.of(ada, SyncStatus) == [SyncStatus(applied=True)] * 2


def test_R7_each_update_is_acknowledged_once_after_its_commit() -> None:
    table = Table()
    ada = table.sit("ada")
    for number in range(1, 4):
        table.types(ada, "x")
        assert len(table.of(ada, SyncStatus)) == number
        table.commit()
        assert len(table.of(ada, SyncStatus)) == number + 1


def test_R7_a_sync_that_answers_an_extra_question_is_not_acknowledged() -> None:
    table = Table()
    ada = table.sit("ada")
    ada.writes("lost ")
    table.says(ada, Update(ada.writes("late")))
    table.answers(ada)
    table.commit()
    assert len(table.of(ada, SyncStatus)) == 2  # the first sync, and the one update that was sent as such


def test_R7_y_websocket_peers_hear_no_acknowledgements() -> None:
    table = Table()
    ada = table.sit("ada", manners=Y_WEBSOCKET)
    table.types(ada, "x")
    table.commit()
    assert table.of(ada, SyncStatus) == []


def test_R8_a_viewers_update_changes_nothing_and_does_not_end_its_seat() -> None:
    table = Table()
    vic = table.sit("vic", right=Right.READ)
    table.types(vic, "no")
    assert table.logged == []
    assert table.refused == []
    assert table.of(vic, SyncStatus) == [SyncStatus(applied=True), SyncStatus(applied=False)]


def test_R8_a_viewers_sync_with_new_structs_is_answered_with_not_applied() -> None:
    table = Table()
    vic = table.join("vic", right=Right.READ)
    vic.writes("offline")
    table.says(vic, SyncStep1(b"\x00"))
    table.answers(vic)
    assert table.of(vic, SyncStatus) == [SyncStatus(applied=False)]
    assert table.logged == []


def test_R8_deletions_that_a_viewer_derived_are_dropped_in_silence() -> None:
    table = Table()
    ada = table.sit("ada")
    table.types(ada, "abc")
    vic = table.join("vic", right=Right.READ)
    table.says(vic, SyncStep1(b"\x00"))
    table.reads(vic)
    del vic.text[0:1]
    table.says(vic, SyncStep2(vic.doc.get_update(ada.doc.get_state())))
    table.commit()
    assert table.of(vic, SyncStatus) == [SyncStatus(applied=True)]
    assert len(table.logged) == 0


# Turns.


def test_R9_a_turn_is_one_row_for_each_writer_and_one_update_for_the_peers() -> None:
    table = Table()
    ada, ben, cyd = table.sit("ada"), table.sit("ben"), table.sit("cyd")
    for person in (ada, ben, ada):
        table.mutters(person, Update(person.writes(person.name)))
    table.perform(table.room.flush())
    (append,) = table.logged
    assert [row.writer for row in append.rows] == ["ada", "ben"]
    assert len(table.of(cyd, Update)) == 1
    assert len(table.reads(cyd)) == len("adabenada")


def test_R9_the_only_writer_of_a_turn_does_not_hear_itself() -> None:
    table = Table()
    ada, ben = table.sit("ada"), table.sit("ben")
    table.types(ada, "x")
    assert table.of(ada, Update) == []
    assert len(table.of(ben, Update)) == 1


def test_R9_a_sync_is_logged_with_its_new_deletions_only() -> None:
    table = Table()
    ada = table.sit("ada")
    table.types(ada, "abc")
    before = ada.doc.get_state()
    del ada.text[0:1]
    table.says(ada, Update(ada.doc.get_update(before)))
    ada.text += "d"
    table.says(ada, SyncStep2(ada.doc.get_update(before)))
    assert table.logged[-1].rows[0].update.endswith(b"\x00")
    assert table.reads(table.sit("ben")) == "bcd"


# Slow sockets.


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


# Refusals.


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


# Barriers and the store's health.


def test_R12_a_barrier_comes_back_when_everything_before_it_is_committed() -> None:
    table = Table()
    ada = table.sit("ada")
    table.types(ada, "x")
    table.says(ada, barrier(1))
    assert table.of(ada, Stateless) == []
    table.commit()
    assert table.of(ada, Stateless) == [barrier(1)]


def test_R12_a_barrier_waits_for_what_is_held() -> None:
    table = Table()
    ada = table.sit("ada")
    lost = ada.writes("lost ")
    table.says(ada, Update(ada.writes("late")))
    table.says(ada, barrier(1))
    table.commit()
    assert table.of(ada, Stateless) == []
    table.says(ada, Update(lost))
    table.commit()
    assert table.of(ada, Stateless) == [barrier(1)]


@pytest.mark.parametrize("payload", ["", "{", "[]", '{"barrier":"x"}', '{"barrier":true}', "barrier" * 100])
def test_R12_what_is_no_barrier_is_passed_over(payload: str) -> None:
    table = Table()
    ada = table.sit("ada")
    table.says(ada, Stateless(payload))
    assert table.of(ada, Stateless) == []


def test_R13_who_uses_barriers_is_told_when_the_store_fails_and_when_it_works_again() -> None:
    table = Table()
    ada, ben = table.sit("ada"), table.sit("ben")
    table.says(ada, barrier(1))
    table.perform(table.room.store_is("disk full"))
    table.perform(table.room.store_is("disk full"))
    table.perform(table.room.store_is(None))
    told = [json.loads(message.payload) for message in table.of(ada, Stateless) if isinstance(message, Stateless)]
    assert told == [{"barrier": 1}, {"store": "failing", "reason": "disk full"}, {"store": "ok"}]
    assert table.of(ben, Stateless) == []


def test_R13_a_room_is_dirty_until_its_last_batch_is_committed() -> None:
    table = Table()
    ada = table.sit("ada")
    assert not table.room.is_dirty
    table.types(ada, "x")
    assert table.room.is_dirty
    table.commit()
    assert not table.room.is_dirty


# Presence and rights.


def test_R14_presence_goes_when_the_peer_fades() -> None:
    table = Table()
    ada, ben = table.sit("ada"), table.sit("ben")
    table.room.leave(ada.number)
    table.heard.clear()
    table.perform(table.room.fade(ada.number, 1.0))
    table.perform(table.room.flush())
    (frame,) = table.of(ben, AwarenessUpdate)
    assert [(entry.client_id, entry.state) for entry in decode_awareness(frame.update)] == [(ada.doc.client_id, None)]


def test_R14_the_name_that_others_see_is_the_servers() -> None:
    table = Table()
    ben = table.sit("ben")
    table.sit("ada")
    (frame,) = table.of(ben, AwarenessUpdate)[-1:]
    (entry,) = decode_awareness(frame.update)
    assert json.loads(entry.state or "")["user"]["name"] == "ada"


def test_R15_who_loses_the_right_to_write_writes_no_more_and_who_regains_it_is_asked() -> None:
    table = Table()
    ada = table.sit("ada")
    table.perform(table.room.change_right(ada.number, Right.READ))
    table.types(ada, "kept")
    assert table.logged == []
    asked = len(table.of(ada, SyncStep1))
    table.perform(table.room.change_right(ada.number, Right.WRITE))
    assert len(table.of(ada, SyncStep1)) == asked + 1
    table.answers(ada)
    table.commit()
    assert table.reads(table.sit("ben")) == "kept"


# Opening.


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
