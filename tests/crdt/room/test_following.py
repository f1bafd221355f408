"""How peers are brought up to date when that is too much for the loop: rules R10 and R19 of SPEC.md."""

import pytest
from pycrdt import merge_updates

from crdt.errors import RefusedUpdate
from crdt.messages import AwarenessUpdate, SyncStep1, SyncStep2, Update
from crdt.room import Effect, Resynchronise, Send
from tests.crdt.room.table import Person, Table

BIG = "b" * 40_000


@pytest.fixture
def table() -> Table:
    return Table()


def knows(person: Person) -> SyncStep1:
    return SyncStep1(person.doc.get_state())


def test_R19_who_lacks_nothing_is_answered_at_once_with_the_deletions(table: Table) -> None:
    ada = table.sit("ada")
    table.types(ada, BIG)
    before = ada.doc.get_state()
    del ada.text[0:5]
    table.says(ada, Update(ada.doc.get_update(before)))
    table.is_busy = True
    table.says(ada, knows(ada))
    assert not table.errands
    answer = table.of(ada, SyncStep2)[-1]
    assert isinstance(answer, SyncStep2)
    assert answer.update[0] == 0
    assert len(answer.update) < 20


def test_R19_what_somebody_lacks_of_a_big_document_is_worked_out_once_for_all(table: Table) -> None:
    ada = table.sit("ada")
    table.types(ada, BIG)
    people = [table.join(f"p{number}") for number in range(50)]
    for person in people:
        person.doc.apply_update(ada.doc.get_update())
    table.types(ada, BIG)
    table.is_busy = True
    for person in people[:49]:
        table.says(person, knows(person))
    table.work()
    table.says(people[49], knows(people[49]))
    assert table.worked_out["lacking"] == 1
    answers = [table.of(person, SyncStep2)[-1] for person in people]
    assert len({id(answer.update) for answer in answers if isinstance(answer, SyncStep2)}) == 1
    assert all(len(table.reads(person)) == 80_000 for person in people)


def test_R19_edits_that_come_meanwhile_follow_the_answer(table: Table) -> None:
    ada, ben = table.sit("ada"), table.join("ben")
    table.types(ada, BIG)
    ben.doc.apply_update(ada.doc.get_update())
    table.types(ada, BIG)
    table.is_busy = True
    table.says(ben, knows(ben))
    for letter in "xyz":
        table.types(ada, letter)
    assert table.of(ben, Update) == []
    table.work()
    kinds = [type(each) for each in table.heard[ben.number] if isinstance(each, SyncStep2 | Update)]
    assert kinds == [SyncStep2, Update], "one answer, and one merge of what came since"
    assert table.reads(ben).endswith("xyz")
    table.types(ada, "!")
    assert table.reads(ben).endswith("xyz!")


def test_R19_presence_flows_on_meanwhile(table: Table) -> None:
    ada, ben = table.sit("ada"), table.join("ben")
    table.types(ada, BIG)
    ben.doc.apply_update(ada.doc.get_update())
    table.types(ada, BIG)
    table.is_busy = True
    table.says(ben, knows(ben))
    heard = len(table.of(ben, AwarenessUpdate))
    table.announces(ada, clock=9)
    assert len(table.of(ben, AwarenessUpdate)) == heard + 1


def test_R19_the_last_question_counts_and_a_socket_that_fills_meanwhile_is_answered_later(table: Table) -> None:
    ada, ben = table.sit("ada"), table.join("ben")
    table.types(ada, BIG)
    table.types(ada, BIG)
    half = Person("ben", 0, 5)
    half.writes("0")
    table.is_busy = True
    for _ in range(20):
        table.says(ben, knows(half))
    assert len(table.errands) == 1
    table.room.stalled(ben.number)
    table.work()
    assert table.of(ben, SyncStep2) == []
    table.perform(table.room.drained(ben.number))
    table.work()
    assert len(table.of(ben, SyncStep2)) == 1
    assert len(table.reads(ben)) == 80_000


def test_R19_a_first_sync_of_many_turns_is_merged_elsewhere_once_and_the_turns_since_follow(table: Table) -> None:
    ada = table.sit("ada")
    for _ in range(30):
        table.types(ada, "s" * 3_000)
    joiners = [table.join(f"j{number}") for number in range(20)]
    table.is_busy = True
    for joiner in joiners[:10]:
        table.says(joiner, SyncStep1(b"\x00"))
    table.types(ada, "x")
    table.work()
    for joiner in joiners[10:]:
        table.says(joiner, SyncStep1(b"\x00"))
    table.work()
    assert table.worked_out == {"joined": 1}
    firsts = [table.of(joiner, SyncStep2)[-1] for joiner in joiners]
    assert len({id(first.update) for first in firsts if isinstance(first, SyncStep2)}) == 1
    assert {table.reads(joiner) for joiner in joiners} == {str(ada.text)}


def test_R19_a_document_of_some_big_updates_is_sent_as_they_stand(table: Table) -> None:
    ada = table.sit("ada")
    for _ in range(3):
        table.types(ada, BIG)
        table.types(ada, "x")
    table.is_busy = True
    ben = table.join("ben")
    table.says(ben, SyncStep1(b"\x00"))
    assert not table.errands
    assert table.reads(ben) == str(ada.text)


def test_R10_R19_much_that_was_missed_is_merged_elsewhere(table: Table) -> None:
    ada, ben = table.sit("ada"), table.sit("ben")
    table.room.stalled(ben.number)
    for _ in range(30):
        table.types(ada, "s" * 3_000)
    table.is_busy = True
    table.perform(table.room.drained(ben.number))
    table.types(ada, "x")
    assert table.of(ben, Update) == []
    table.work()
    assert table.worked_out == {"joined": 1}
    assert table.reads(ben) == str(ada.text)
    table.types(ada, "y")
    assert table.reads(ben) == str(ada.text)


@pytest.mark.parametrize("folded", [5, 31])
def test_R10_R19_a_fold_under_the_answer_loses_nothing(table: Table, folded: int) -> None:
    """The snapshot swallows the turns at which the answer, or the peer, stands."""
    ada, ben = table.sit("ada"), table.sit("ben")
    table.room.stalled(ben.number)
    for _ in range(30):
        table.types(ada, "s" * 3_000)
    table.is_busy = True
    table.perform(table.room.drained(ben.number))
    table.types(ada, "x")
    content = table.room.content
    content.compacted(folded, merge_updates(*content.until(folded)))
    table.work()
    table.types(ada, "y")
    assert table.reads(ben) == str(ada.text)


def test_R19_an_answer_older_than_the_question_is_completed(table: Table) -> None:
    ada = table.sit("ada")
    for _ in range(30):
        table.types(ada, "s" * 3_000)
    ben, cyd = table.join("ben"), table.join("cyd")
    table.is_busy = True
    table.says(ben, SyncStep1(b"\x00"))
    table.types(ada, "x")
    table.says(cyd, SyncStep1(b"\x00"))  # goes along with ben's, which knows no x
    content = table.room.content
    content.compacted(31, merge_updates(*content.until(31)))
    table.work()
    assert table.reads(ben) == table.reads(cyd) == str(ada.text)


def test_R19_a_peer_whose_answer_cannot_be_worked_out_comes_back_and_who_sent_no_state_vector_does_not(
    table: Table,
) -> None:
    ada, ben, eve = table.sit("ada"), table.join("ben"), table.join("eve")
    table.types(ada, BIG)
    ben.writes("other")
    table.is_busy = True
    table.says(ben, knows(ben))
    errand = table.errands.popleft()
    table.perform(table.room.answered(errand.token, RefusedUpdate("limit", "too much")))
    assert table.effects[-1] == Resynchronise(ben.number)
    table.says(eve, SyncStep1(b"\x05" + b"\x80" * 20_000))
    table.work()
    assert [refusal.peer for refusal in table.refused] == [eve.number]


def test_R19_what_is_kept_is_bounded(table: Table) -> None:
    ada = table.sit("ada")
    table.types(ada, "b" * 3_000_000)
    for number in range(1, 20):
        other = Person("ben", 0, number)
        other.writes("x")
        ben = table.join("ben")
        table.says(ben, knows(other))
    kept = table.room._following._answers._kept
    assert 1 <= len(kept) <= 8
    assert sum(len(answer.update) for answer in kept.values()) <= 16 << 20


def test_R10_R19_a_socket_that_the_snapshot_fills_gets_the_rest_when_it_has_drained(table: Table) -> None:
    """A peer that takes nothing is written one big message, however many there are."""
    ada = table.sit("ada")
    for _ in range(3):
        table.types(ada, BIG)
    content = table.room.content
    content.compacted(1, merge_updates(*content.until(1)))
    ben = table.join("ben")
    perform, sent = table.perform, []

    def fills(effects: list[Effect]) -> None:
        for effect in effects:
            perform([effect])
            if isinstance(effect, Send) and isinstance(effect.message, SyncStep2 | Update):
                sent.append(effect.message)
                table.room.stalled(ben.number)

    table.perform = fills  # type: ignore[method-assign]
    table.says(ben, SyncStep1(b"\x00"))
    for pieces in (1, 2, 3):
        assert len(sent) == pieces
        table.perform(table.room.drained(ben.number))
    assert [type(message) for message in sent] == [SyncStep2, Update, Update]
    assert table.reads(ben) == BIG * 3
