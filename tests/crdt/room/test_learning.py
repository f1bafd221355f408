"""What other nodes have logged: R23 of SPEC.md."""

import pytest

from crdt.messages import SyncStatus, SyncStep1, Update
from crdt.room import Learnt, TurnLost
from crdt.room.intake import BIG
from crdt.updates import contents_of
from tests.crdt.room.table import EMPTY, Person, Table


def elsewhere(client_id: int = 77) -> Person:
    """Somebody at another node."""
    return Person("eve", 99, client_id)


def learn(table: Table, *updates: bytes, owners: dict[int, str] | None = None) -> None:
    table.perform(table.room.learn([Learnt(update) for update in updates], owners or {}))
    table.perform(table.room.flush())


def test_R23_what_another_node_has_logged_is_relayed_as_one_turn_and_not_logged_again() -> None:
    table, eve = Table(), elsewhere()
    ada = table.sit("ada")
    learn(table, eve.writes("a"), eve.writes("b"))
    assert len(table.of(ada, Update)) == 1
    assert table.reads(ada) == "ab"
    assert table.logged == []
    assert not table.room.is_dirty


def test_R23_it_follows_what_was_accepted_here() -> None:
    table, eve = Table(), elsewhere()
    ada, ben = table.sit("ada"), table.sit("ben")
    table.room.receive(ada.number, Update(ada.writes("mine")), 0.0)
    learn(table, eve.writes("hers"))
    assert [append.number for append in table.logged] == [1]
    assert table.room.content.number == 2
    table.commit()
    assert table.of(ada, SyncStatus)[-1] == SyncStatus(applied=True)
    assert sorted(table.reads(ben)) == sorted("minehers")


def test_R23_acknowledgements_do_not_wait_for_it() -> None:
    table, eve = Table(), elsewhere()
    ada = table.sit("ada")
    update = eve.writes("x")
    learn(table, update)
    table.says(ada, Update(update))
    assert table.of(ada, SyncStatus) == [SyncStatus(applied=True)] * 2, "it is in the log already"


def test_R23_what_is_known_is_relayed_no_second_time() -> None:
    table, eve = Table(), elsewhere()
    ada = table.sit("ada")
    update = eve.writes("x")
    learn(table, update)
    learn(table, update)
    assert len(table.of(ada, Update)) == 1


def test_R23_what_waited_for_it_is_taken() -> None:
    table, eve = Table(), elsewhere()
    ada = table.sit("ada")
    first = eve.writes("x")
    ada.doc.apply_update(first)
    table.says(ada, Update(ada.writes("y")))
    assert table.logged == []
    learn(table, first)
    assert len(table.logged) == 1
    newcomer = table.sit("ben")
    assert table.reads(newcomer) == "xy"


def test_R23_whoever_comes_later_gets_it_too() -> None:
    table, eve = Table(), elsewhere()
    learn(table, eve.writes("x"))
    ada = table.join("ada")
    table.says(ada, SyncStep1(b"\x00"))
    assert table.reads(ada) == "x"


def test_R23_owners_of_client_ids_are_learned() -> None:
    table, eve = Table(), elsewhere()
    learn(table, eve.writes("x"), owners={77: "eve"})
    assert table.room._intake.owner_of(77) == "eve"
    learn(table, eve.writes("y"), owners={77: "ada"})
    assert table.room._intake.owner_of(77) == "eve", "the first one is, for good"


def test_R23_a_row_that_stands_on_what_is_not_known_ends_the_room() -> None:
    table, eve = Table(), elsewhere()
    eve.writes("never told")
    with pytest.raises(TurnLost):
        learn(table, eve.writes("y"))


def test_R23_a_row_with_other_content_under_known_clocks_ends_the_room() -> None:
    table = Table()
    learn(table, elsewhere().writes("one"))
    with pytest.raises(TurnLost):
        learn(table, elsewhere().writes("two"))


def test_R23_other_content_in_a_large_document_is_found_elsewhere() -> None:
    table, eve = Table(), elsewhere(78)
    large = eve.writes("w" * (BIG + 1))
    table.perform(table.room.learn([Learnt(large, contents_of(large))], {}))
    learn(table, elsewhere().writes("one"))
    table.is_busy = True
    learn(table, elsewhere().writes("two"))
    with pytest.raises(TurnLost):
        table.work()
    table = Table()
    table.perform(table.room.learn([Learnt(large, contents_of(large))], {}))
    update = elsewhere().writes("one")
    learn(table, update)
    learn(table, update)
    assert table.worked_out["agrees"] == 1


def test_R23_a_row_that_is_no_update_is_passed_over() -> None:
    table, eve = Table(), elsewhere()
    ada = table.sit("ada")
    learn(table, b"\xff", eve.writes("x"))
    assert table.reads(ada) == "x"


def test_R23_contents_that_were_read_elsewhere_bring_only_what_is_new() -> None:
    table, eve = Table(), elsewhere()
    ada = table.sit("ada")
    update = eve.writes("x")
    row = Learnt(update, contents_of(update))
    for _ in range(2):
        table.perform(table.room.learn([row, Learnt(EMPTY, contents_of(EMPTY))], {}))
    assert len(table.of(ada, Update)) == 1
    assert table.reads(ada) == "x"
