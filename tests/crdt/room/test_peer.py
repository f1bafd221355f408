"""What a peer is owed, and when: rules R7 and R12 of SPEC.md."""

import json

import pytest

from crdt.messages import Stateless, SyncStatus, SyncStep1, Update
from tests.crdt.room.table import Y_WEBSOCKET, Table


def barrier(number: int) -> Stateless:
    return Stateless(json.dumps({"barrier": number}))


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
