"""Updates that are looked at elsewhere: rules R17 and R18 of SPEC.md."""

import pytest

from crdt.codec import var_bytes, var_uint
from crdt.errors import MalformedUpdate, RefusedUpdate, Unexamined
from crdt.guard import Limits
from crdt.messages import SyncStatus, SyncStep1, SyncStep2, Update
from crdt.room import Resynchronise, Right, Room
from crdt.room.inspection import REMEMBERED, Known
from crdt.room.peer import WAITING_BYTES
from tests.crdt.room.table import EMPTY, Person, Table, fresh


@pytest.fixture
def table() -> Table:
    return Table()


def typed(client_id: int, structs: int, first: int = 0) -> bytes:
    """That many keystrokes of one client, each behind the last."""
    out = bytearray(var_uint(1) + var_uint(structs) + var_uint(client_id) + var_uint(first))
    for clock in range(first, first + structs):
        out += b"\x84" + var_uint(client_id) + var_uint(clock - 1) if clock else b"\x04\x01\x04text"
        out += var_bytes(b"k")
    return bytes(out) + b"\x00"


def pastes(person: Person, size: int = 40_000) -> bytes:
    return person.writes("p" * size)


def test_R17_a_big_update_is_looked_at_elsewhere_and_others_go_on(table: Table) -> None:
    ada, ben, cyd = table.sit("ada"), table.sit("ben"), table.sit("cyd")
    table.is_busy = True
    table.says(ada, Update(pastes(ada)))
    assert table.logged == []
    table.types(ben, "b")
    assert table.reads(cyd) == "b"
    table.work()
    assert len(table.logged) == 2
    assert sorted(table.reads(cyd)) == sorted("b" + "p" * 40_000)
    table.commit()
    assert len(table.of(ada, SyncStatus)) == 2


def test_R17_what_its_peer_says_meanwhile_is_taken_after_it_in_order(table: Table) -> None:
    ada, ben = table.sit("ada"), table.sit("ben")
    table.is_busy = True
    table.says(ada, Update(pastes(ada)))
    for letter in "xyz":
        table.types(ada, letter)
    assert table.logged == []
    assert table.room.waiting_bytes(ada.number) > 3 * 16
    table.work()
    assert table.reads(ben) == "p" * 40_000 + "xyz"
    assert table.room.waiting_bytes(ada.number) == 0
    assert table.of(ada, SyncStep1)[1:] == [], "no gap was seen"


def test_R17_two_pastes_keep_their_order(table: Table) -> None:
    ada, ben = table.sit("ada"), table.sit("ben")
    table.is_busy = True
    for _ in range(2):
        table.says(ada, Update(pastes(ada)))
        table.types(ada, "x")
    table.work(1)
    assert table.reads(ben) == "p" * 40_000 + "x"
    table.work()
    assert table.reads(ben) == ("p" * 40_000 + "x") * 2


def test_R17_what_waits_is_bounded(table: Table) -> None:
    ada = table.sit("ada")
    table.is_busy = True
    table.says(ada, Update(pastes(ada)))
    for _ in range(3):
        table.says(ada, Update(bytes(WAITING_BYTES // 3)))
    assert table.effects[-1] == Resynchronise(ada.number)


def test_R17_the_document_may_move_under_it_at_its_own_ids(table: Table) -> None:
    ada, ben = table.sit("ada", client_id=7), table.sit("ada")
    paste = pastes(ada)
    table.is_busy = True
    table.says(ada, Update(paste))
    table.says(ben, Update(paste))  # the same edit by another way, known when its turn comes
    table.work()
    assert [len(append.rows) for append in table.logged] == [1]
    table.commit()
    assert len(table.of(ben, SyncStatus)) == 2


def test_R17_an_answer_that_is_old_when_it_comes_is_asked_for_again(table: Table) -> None:
    ada = table.sit("ada", client_id=7)
    ben = table.sit("ada", client_id=8)
    first = ada.writes("first")
    pastes(ada)
    table.is_busy = True
    table.says(ada, SyncStep2(ada.doc.get_update()))  # from clock 0 on
    table.says(ben, Update(first))  # moves client 7 while it is looked at
    table.work()
    assert table.worked_out["examine"] == 2
    assert table.worked_out["agrees"] == 1
    assert table.reads(table.sit("cyd")) == "first" + "p" * 40_000


def test_R17_other_content_for_known_clocks_is_refused_there_too(table: Table) -> None:
    ada, ben = table.sit("ada", client_id=7), table.sit("ben")
    table.says(ada, Update(pastes(ada)))
    fake = Person("ben", 99, 7)
    table.says(ben, Update(fake.writes("q" * 40_000)))
    assert isinstance(table.refused[0].error, RefusedUpdate)
    assert table.refused[0].error.reason == "client_id_reused"
    table.says(table.sit("cyd"), Update(Person("cyd", 98, 7).writes("q")))
    assert len(table.refused) == 2, "a small one in a big document"


def test_R17_bytes_that_are_no_update_are_refused_and_the_room_goes_on(table: Table) -> None:
    ada, ben = table.sit("ada"), table.sit("ben")
    table.says(ada, Update(b"\x07" + b"x" * 40_000))
    assert isinstance(table.refused[0].error, MalformedUpdate)
    table.types(ben, "b")
    assert len(table.logged) == 1


def test_R17_an_update_that_nobody_could_look_at_is_refused(table: Table) -> None:
    ada, ben = table.sit("ada"), table.sit("ben")
    table.is_busy = True
    table.says(ada, Update(pastes(ada)))
    table.types(ada, "x")
    errand = table.errands.popleft()
    table.perform(table.room.answered(errand.token, RefusedUpdate("limit", "too much")))
    assert [refusal.peer for refusal in table.refused] == [ada.number]
    table.is_busy = False
    table.types(ben, "b")
    assert table.reads(table.sit("cyd")) == "b"


def test_R17_a_viewers_big_sync_is_looked_at_and_changes_nothing(table: Table) -> None:
    ada = table.sit("ada")
    table.says(ada, Update(pastes(ada)))
    table.commit()
    for has_more, applied in ((False, True), (True, False)):
        vic = table.join("vic", right=Right.READ)
        table.says(vic, SyncStep1(b"\x00"))
        table.reads(vic)
        if has_more:
            vic.writes("offline")
        table.says(vic, SyncStep2(vic.doc.get_update()))
        assert table.of(vic, SyncStatus) == [SyncStatus(applied)]
    assert table.logged == []


def test_R17_who_loses_the_right_meanwhile_has_written_nothing(table: Table) -> None:
    ada = table.sit("ada")
    table.is_busy = True
    table.says(ada, Update(pastes(ada)))
    table.perform(table.room.change_right(ada.number, Right.READ))
    table.work()
    assert table.logged == []
    assert table.of(ada, SyncStatus)[-1] == SyncStatus(applied=False)


@pytest.mark.parametrize("length", [1, 40_000])
@pytest.mark.parametrize("overtaken", [False, True])
def test_R21_an_edit_for_one_turn_is_dropped_when_another_is_accepted_first(
    table: Table, length: int, *, overtaken: bool
) -> None:
    ada, ben = table.sit("ada"), table.sit("ben")
    table.types(ben, "b")
    turn = table.room.content.number
    table.is_busy = True
    if overtaken and length == 1:
        table.mutters(ben, Update(ben.writes("x")))
    table.perform(table.room.edit(ada.number, ada.writes("a" * length), turn))
    if overtaken and length > 1:
        table.mutters(ben, Update(ben.writes("x")))
    table.work()
    table.perform(table.room.flush())
    table.commit()
    assert table.of(ada, SyncStatus)[-1] == SyncStatus(applied=not overtaken)
    table.is_busy = False
    assert table.reads(table.sit("cyd")).count("a") == (0 if overtaken else length)


def test_R17_who_leaves_meanwhile_has_still_said_it(table: Table) -> None:
    ada = table.sit("ada")
    table.is_busy = True
    table.says(ada, Update(pastes(ada)))
    table.types(ada, "x")
    table.room.leave(ada.number)
    assert table.room.is_dirty, "the room stays open until it is looked at"
    table.work()
    table.is_busy = False
    assert table.reads(table.sit("ben")) == "p" * 40_000 + "x"


def test_R17_a_gap_in_a_big_update_takes_what_stands_before_it(table: Table) -> None:
    ada = table.sit("ada", client_id=7)
    ben = table.sit("ben", client_id=9)
    gap = typed(9, 5)
    ben.doc.apply_update(gap)
    table.says(ben, Update(typed(9, 4_000, first=5)))
    assert table.logged == []
    table.says(ben, Update(gap))
    assert len(table.reads(ada)) == 4_005
    table.commit()
    assert len(table.of(ben, SyncStatus)) == 3


def test_R17_the_quota_holds_there_and_deletions_pass() -> None:
    table = Table()
    table.room = Room(fresh(), Limits(document_bytes=100_000))
    ada = table.sit("ada")
    table.says(ada, Update(pastes(ada, 60_000)))
    table.says(ada, Update(pastes(ada, 60_000)))
    assert isinstance(table.refused[0].error, RefusedUpdate)
    assert table.refused[0].error.reason == "quota"
    ben = table.sit("ben")
    table.reads(ben)
    before = ben.doc.get_state()
    del ben.text[0:60_000]
    table.says(ben, Update(ben.doc.get_update(before)))
    assert table.reads(table.sit("cyd")) == ""


def test_R18_hundreds_who_come_back_with_the_same_document_cost_one_look(table: Table) -> None:
    author = Person("ada", 0, 7)
    update = pastes(author, 1_000_000)
    people = [table.join("ada") for _ in range(300)]
    table.is_busy = True
    for person in people:
        table.says(person, SyncStep1(b"\x00"))
        table.says(person, SyncStep2(bytes(bytearray(update))))  # equal, and not the same object
    assert table.room._taking._inspection._bytes == len(update), "kept once"
    table.work()
    table.commit()
    assert table.worked_out == {"examine": 1}
    assert [len(append.rows) for append in table.effects if hasattr(append, "rows")] == [1]
    assert all(table.of(person, SyncStatus) == [SyncStatus(applied=True)] for person in people)
    late = table.join("ada")
    table.says(late, SyncStep2(bytes(bytearray(update))))
    assert not table.errands
    assert table.room._taking._inspection._bytes == 0


def test_R18_what_is_remembered_is_bounded() -> None:
    known = Known()
    updates = [b"\x00" * length for length in range(1, REMEMBERED + 3)]
    for update in updates:
        known.remember(update)
    assert len(known._digests) == REMEMBERED
    assert updates[0] not in known
    assert bytes(bytearray(updates[-1])) in known
    assert EMPTY + b"\x01" * 5 not in known


@pytest.mark.parametrize("right", [Right.WRITE, Right.READ])
def test_R22_who_wrote_what_nobody_could_look_at_synchronises_anew(table: Table, right: Right) -> None:
    ada = table.sit("ada", right=right)
    table.is_busy = True
    table.says(ada, SyncStep2(pastes(ada)))
    table.perform(table.room.answered(table.errands.popleft().token, Unexamined("no worker")))
    assert table.effects[-1] == Resynchronise(ada.number)
    assert table.refused == []
    assert len(table.of(ada, SyncStatus)) == 1, "of its first, empty SyncStep2"
