"""The room's rules about people and turns: R1 to R3, R8, R9, R13 to R15 of SPEC.md."""

import json

from crdt.awareness import decode_awareness
from crdt.messages import AwarenessUpdate, QueryAwareness, Stateless, SyncStatus, SyncStep1, SyncStep2, Update
from crdt.room import Append, Broadcast, Resynchronise, Right
from crdt.room.room import OWED_MESSAGES
from tests.crdt.room.table import EMPTY, Y_WEBSOCKET, Person, Table


def barrier(number: int) -> Stateless:
    return Stateless(json.dumps({"barrier": number}))


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


def test_R10_what_a_peer_asks_for_while_it_is_behind_is_answered_once_it_has_drained() -> None:
    table = Table()
    ada, ben = table.sit("ada"), table.sit("ben", right=Right.READ)
    table.room.stalled(ben.number)
    table.heard[ben.number].clear()
    table.types(ada, "hello")
    for _ in range(100):
        table.says(ben, SyncStep1(b"\x00"))
        table.says(ben, QueryAwareness())
    assert table.heard[ben.number] == [], "a peer that only asks, and never reads, would fill the memory"
    table.perform(table.room.drained(ben.number))
    assert len(table.of(ben, SyncStep2)) == 1
    assert table.reads(ben) == "hello"


def test_R10_what_a_peer_is_owed_is_bounded() -> None:
    table = Table()
    ada = table.sit("ada")
    for _ in range(OWED_MESSAGES + 1):
        table.mutters(ada, Update(EMPTY))
    assert Resynchronise(ada.number) not in table.effects
    table.mutters(ada, Update(EMPTY))
    assert table.effects[-1] == Resynchronise(ada.number)


def test_R15_who_loses_the_right_to_write_is_not_left_waiting_for_what_was_held() -> None:
    table = Table()
    ada = table.sit("ada")
    table.commit()
    ada.writes("a gap")
    table.types(ada, "behind it")
    table.heard[ada.number].clear()
    table.perform(table.room.change_right(ada.number, Right.READ))
    table.says(ada, barrier(1))
    assert table.heard[ada.number] == [SyncStatus(applied=False), barrier(1)]


def test_A10_what_a_client_sends_back_is_known_by_its_bytes_and_a_newcomers_first_state_is_read() -> None:
    table = Table()
    ada, ben = table.sit("ada"), table.sit("ben")
    table.announces(ada, clock=5)
    told = table.of(ben, AwarenessUpdate)[-1]
    table.says(ben, told)
    assert table.room.presence_ignored["echo"] == 1
    cyd = table.join("cyd")
    table.says(cyd, told)
    assert table.room.presence_ignored["echo"] == 1, "it may be its owner, who comes back"


def test_R20_who_uses_barriers_is_told_what_the_server_cannot_read_and_when_it_can_again() -> None:
    table = Table()
    ada, ben = table.sit("ada"), table.sit("ben")
    table.says(ada, barrier(1))
    notice = json.dumps({"content": "partial", "rows": 1})
    table.perform(table.room.content_is(notice))
    table.perform(table.room.content_is(notice))
    cyd = table.sit("cyd")
    table.says(cyd, barrier(1))
    table.perform(table.room.content_is(None))

    def told(person: Person) -> list[object]:
        said = (json.loads(each.payload) for each in table.of(person, Stateless) if isinstance(each, Stateless))
        return [each for each in said if "content" in each]

    assert told(ada) == told(cyd) == [{"content": "partial", "rows": 1}, {"content": "whole"}]
    assert told(ben) == []
