"""Nobody speaks for another, and nobody is lost on the way (SPEC.md, A3 to A12)."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crdt.awareness import Awareness, Entry, Identity, decode_awareness
from crdt.awareness.presence import STRANGERS

ADA, ADA_2, BEN, EVE = 1, 2, 3, 4
"""Peers: two sockets of Ada's, one of Ben's, one of Eve's."""
WHO = {
    ADA: Identity("ada", "Ada", stamped=False),
    ADA_2: Identity("ada", "Ada", stamped=False),
    BEN: Identity("ben", "Ben", stamped=False),
    EVE: Identity("eve", "Eve", stamped=False),
}


def nobody(_: int) -> str | None:
    return None


class Table:
    """An awareness with these people around it."""

    def __init__(self, owner_of: Callable[[int], str | None] = nobody) -> None:
        self.awareness = Awareness()
        self.owner_of = owner_of
        self.now = 0.0

    def says(self, peer: int, client_id: int, clock: int, state: str | None = "{}") -> list[Entry]:
        return self.echoes(peer, [Entry(client_id, clock, state)])

    def echoes(self, peer: int, entries: list[Entry]) -> list[Entry]:
        return self.awareness.hear(peer, WHO[peer], entries, self.owner_of, self.now)

    def leaves(self, peer: int) -> list[Entry]:
        return self.awareness.leave(peer, self.now)


@pytest.fixture
def table() -> Table:
    return Table()


# What is ordinary.


def test_A3_a_peer_is_heard_shown_to_newcomers_and_removed_with_an_unchanged_clock(table: Table) -> None:
    assert table.says(ADA, 5, 1, '{"a":1}') == [Entry(5, 1, '{"a":1}')]
    assert table.says(ADA, 5, 2, '{"a":2}') == [Entry(5, 2, '{"a":2}')]
    assert table.awareness.everyone() == [Entry(5, 2, '{"a":2}')]
    assert table.awareness.holder_of(5) == ADA
    assert table.awareness.held_by(ADA) == 5
    assert table.leaves(ADA) == [Entry(5, 2, None)]
    assert table.awareness.everyone() == []
    assert table.awareness.holder_of(5) is None
    assert table.awareness.held_by(ADA) is None


def test_A3_a_first_clock_of_zero_is_told_as_one_for_stock_clients_pass_over_zero(table: Table) -> None:
    assert table.says(ADA, 5, 0) == [Entry(5, 1, "{}")]
    assert table.says(ADA, 5, 1, '{"a":1}') == [Entry(5, 2, '{"a":1}')]


def test_A3_a_null_removes_at_the_same_clock_and_keeps_the_id(table: Table) -> None:
    table.says(ADA, 5, 3)
    assert table.says(ADA, 5, 3, None) == [Entry(5, 3, None)]
    assert table.says(ADA, 5, 4, None) == []
    assert table.awareness.holder_of(5) == ADA
    assert table.says(ADA, 5, 5) == [Entry(5, 5, "{}")]
    table.says(ADA, 5, 6, None)
    assert table.leaves(ADA) == []


def test_A3_old_news_and_renewals(table: Table) -> None:
    table.says(ADA, 5, 7, '{"a":1}')
    assert table.says(ADA, 5, 7, '{"a":2}') == []
    assert table.says(ADA, 5, 6, None) == []
    assert table.says(ADA, 5, 8, '{"a":1}') == [Entry(5, 8, '{"a":1}')]


def test_A7_the_servers_name_is_shown(table: Table) -> None:
    stamped = Identity("ada", "Ada", stamped=True)
    told = table.awareness.hear(ADA, stamped, [Entry(5, 1, '{"user":{"name":"Root"}}')], nobody, 0)
    assert json.loads(told[0].state or "") == {"user": {"id": "ada", "name": "Ada"}}


# Attacks (T7).


def test_A4_a_live_id_of_another_user_can_be_neither_written_nor_nulled_nor_frozen(table: Table) -> None:
    table.says(BEN, 5, 1, '{"user":"Ben"}')
    for forged in (Entry(5, 2, '{"user":"Eve"}'), Entry(5, 1, None), Entry(5, 2**31, "{}"), Entry(5, 2**53 - 1, None)):
        assert table.echoes(EVE, [forged]) == []
    assert table.awareness.everyone() == [Entry(5, 1, '{"user":"Ben"}')]
    assert table.says(BEN, 5, 2) == [Entry(5, 2, "{}")]
    assert table.leaves(EVE) == []


def test_A4_what_is_ignored_is_counted_by_its_reason(table: Table) -> None:
    table.says(BEN, 5, 1)
    table.says(EVE, 5, 2)
    table.says(EVE, 6, 2**31 + 1)
    table.says(BEN, 6, 1)
    table.echoes(EVE, [Entry(n, 1, None) for n in range(100, 100 + STRANGERS + 7)])
    assert table.awareness.ignored == {"anothers_id": 1, "clock": 1, "second_id": 1, "too_many": 7}


def test_A4_a_peer_holds_one_id(table: Table) -> None:
    table.says(EVE, 6, 1)
    assert table.says(EVE, 7, 1) == []
    assert table.echoes(EVE, [Entry(n, 1, "{}") for n in range(100, 20_100)]) == []
    assert table.awareness.everyone() == [Entry(6, 1, "{}")]


def test_A4_nulls_for_ids_that_nobody_holds_are_ignored(table: Table) -> None:
    assert table.says(EVE, 5, 9, None) == []
    assert table.awareness.held_by(EVE) is None
    assert table.says(BEN, 5, 1) == [Entry(5, 1, "{}")]


def test_A5_an_id_that_another_user_wrote_under_cannot_be_claimed() -> None:
    table = Table({5: "ben"}.get)
    assert table.says(EVE, 5, 1) == []
    assert table.says(BEN, 5, 1) == [Entry(5, 1, "{}")]


def test_A5_an_id_that_has_left_waits_for_its_own_user(table: Table) -> None:
    table.says(BEN, 5, 1)
    table.leaves(BEN)
    assert table.says(EVE, 5, 2, '{"user":"Ben"}') == []
    assert table.says(BEN, 5, 1) == [Entry(5, 2, "{}")]


def test_A5_without_a_user_a_live_id_is_nobody_elses(table: Table) -> None:
    assert table.awareness.hear(8, None, [Entry(5, 1, "{}")], nobody, 0) == [Entry(5, 1, "{}")]
    assert table.awareness.hear(9, None, [Entry(5, 2, "{}")], nobody, 0) == []
    assert table.awareness.holder_of(5) == 8


def test_A6_a_state_that_may_not_be_shown_changes_nothing(table: Table) -> None:
    assert table.says(EVE, 6, 1, "[]") == []
    assert table.awareness.held_by(EVE) is None
    table.says(EVE, 6, 2)
    assert table.says(EVE, 6, 3, "{" * 5000) == []
    assert table.awareness.everyone() == [Entry(6, 2, "{}")]


def test_A8_a_clock_above_two_to_the_31_is_ignored_and_told_clocks_fit_32_bits(table: Table) -> None:
    assert table.says(EVE, 6, 2**31 + 1) == []
    for _ in range(3):
        table.says(EVE, 6, 2**31)
        table.leaves(EVE)
    table.says(EVE, 6, 1)
    assert all(entry.clock < 2**32 for entry in table.awareness.everyone())


# Echoes and returns (decision 13).


def test_A10_what_stock_clients_send_back_moves_nothing(table: Table) -> None:
    table.says(ADA, 5, 1)
    table.says(BEN, 6, 1)
    told = table.awareness.everyone()
    for peer in (ADA, BEN):
        assert table.echoes(peer, told) == []
    assert table.awareness.everyone() == told


def test_A10_ones_own_words_under_a_raised_clock_do_not_go_round_for_ever(table: Table) -> None:
    told = table.says(ADA, 5, 0, '{"a":[1,2]}')
    assert told == [Entry(5, 1, '{"a":[1,2]}')]
    assert table.says(ADA, 5, 1, '{ "a": [1, 2] }') == []
    assert table.says(ADA, 5, 2, '{"a":[]}') == [Entry(5, 2, '{"a":[]}')]


def test_A11_a_reconnect_takes_its_id_over_and_the_old_socket_does_not_null_it(table: Table) -> None:
    table.says(ADA, 5, 4)
    assert table.says(ADA_2, 5, 5, '{"x":1}') == [Entry(5, 5, '{"x":1}')]
    assert table.awareness.holder_of(5) == ADA_2
    assert table.leaves(ADA) == []
    assert table.leaves(ADA_2) == [Entry(5, 5, None)]


def test_A11_a_reconnect_at_the_same_clock_keeps_the_state_when_the_old_socket_dies(table: Table) -> None:
    table.says(ADA, 5, 4)
    assert table.says(ADA_2, 5, 4) == []
    assert table.leaves(ADA) == []
    assert table.awareness.everyone() == [Entry(5, 4, "{}")]
    assert table.awareness.held_by(ADA_2) == 5
    assert table.says(ADA_2, 5, 5) == [Entry(5, 5, "{}")]
    assert table.awareness.expire(1e9) == []


def test_A11_an_echo_by_a_silent_tab_of_the_same_user_takes_nothing_from_a_live_one(table: Table) -> None:
    told = table.says(ADA, 5, 4)
    assert table.echoes(ADA_2, told) == []
    assert table.says(ADA, 5, 5) == [Entry(5, 5, "{}")]
    assert table.awareness.holder_of(5) == ADA
    assert table.leaves(ADA) == [Entry(5, 5, None)]
    assert table.awareness.held_by(ADA_2) is None


def test_A11_a_state_that_only_an_echo_keeps_alive_is_dropped(table: Table) -> None:
    told = table.says(ADA, 5, 4)
    table.echoes(ADA_2, told)
    table.now = 100.0
    assert table.leaves(ADA) == []
    assert table.awareness.expire(129.9) == []
    assert table.awareness.expire(130.0) == [Entry(5, 4, None)]
    assert table.awareness.everyone() == []
    assert table.awareness.held_by(ADA_2) is None


def test_A11_a_claim_ends_with_its_peer_or_with_an_id_of_its_own(table: Table) -> None:
    told = table.says(ADA, 5, 4)
    table.echoes(ADA_2, told)
    assert table.leaves(ADA_2) == []
    table.echoes(ADA_2, told)
    assert table.says(ADA_2, 7, 1) == [Entry(7, 1, "{}")]
    assert table.leaves(ADA) == [Entry(5, 4, None)]


def test_A12_who_returns_after_a_null_is_seen_at_once(table: Table) -> None:
    table.says(ADA, 5, 4)
    assert table.leaves(ADA) == [Entry(5, 4, None)]
    assert table.says(ADA_2, 5, 4) == [Entry(5, 5, "{}")]
    assert table.says(ADA_2, 5, 5, '{"x":1}') == [Entry(5, 6, '{"x":1}')]
    assert table.says(ADA_2, 5, 9) == [Entry(5, 9, "{}")]


def test_A12_a_state_that_nobody_confirms_is_looked_at_alone(table: Table) -> None:
    """Expiry costs what changes, not what is there."""
    table.says(BEN, 6, 1)
    table.says(ADA, 5, 4)
    table.leaves(ADA)
    table.says(ADA_2, 5, 4)
    assert table.awareness._unconfirmed == {5}
    table.says(ADA_2, 5, 9)
    assert table.awareness.expire(1_000.0) == []
    assert table.awareness._unconfirmed == set()


def test_A3_a_newcomer_is_told_what_everyone_shows(table: Table) -> None:
    for clock, state in ((1, '{"a":1}'), (2, '{"a":2}'), (3, None), (4, "{}")):
        table.says(ADA, 5, clock, state)
        table.says(BEN, 6, clock)
        assert decode_awareness(table.awareness.everyone_encoded()) == table.awareness.everyone()
        assert table.awareness.anyone


# Memory (T8).


def test_A9_nothing_grows_with_joins(table: Table) -> None:
    for number in range(3_000):
        told = table.says(EVE, 1_000 + number, 1)
        table.echoes(ADA, told)
        table.leaves(EVE)
        table.leaves(ADA)
    awareness = table.awareness
    assert not awareness._seats
    assert not awareness._held
    assert not awareness._claimed
    assert len(awareness._departed) <= 64


# Any history.

peers = st.sampled_from(sorted(WHO))
steps = st.one_of(
    st.tuples(st.just("say"), peers, st.integers(5, 7), st.integers(0, 4), st.sampled_from(["{}", '{"a":1}', None])),
    st.tuples(st.just("leave"), peers),
    st.tuples(st.just("echo"), peers),
    st.tuples(st.just("expire"), peers),
)


class Replica:
    """What a stock client that hears everything believes (y-protocols, `applyAwarenessUpdate`)."""

    def __init__(self) -> None:
        self.clocks: dict[int, int] = {}
        self.states: dict[int, str] = {}

    def hear(self, entries: list[Entry]) -> None:
        for entry in entries:
            known = self.clocks.get(entry.client_id, 0)
            nulled = entry.clock == known and entry.state is None and entry.client_id in self.states
            assert known < entry.clock or nulled, "a stock client would pass over this change"
            self.clocks[entry.client_id] = entry.clock
            if entry.state is None:
                del self.states[entry.client_id]
            else:
                self.states[entry.client_id] = entry.state


@settings(max_examples=200)
@given(st.lists(steps, max_size=40))
def test_A12_every_change_told_is_taken_by_stock_clients_and_ids_are_held_once(history: list[tuple]) -> None:  # type: ignore[type-arg]
    table, replica = Table(), Replica()
    awareness = table.awareness
    for step in history:
        table.now += 20
        match step:
            case ("say", peer, client_id, clock, state):
                replica.hear(table.says(peer, client_id, clock, state))
            case ("leave", peer):
                replica.hear(table.leaves(peer))
            case ("echo", peer):
                replica.hear(table.echoes(peer, awareness.everyone()))
            case _:
                replica.hear(awareness.expire(table.now))
        assert replica.states == {entry.client_id: entry.state for entry in awareness.everyone()}
        assert {id_: awareness.holder_of(id_) for id_ in awareness._held.values()} == {
            id_: peer for peer, id_ in awareness._held.items()
        }
        assert set(awareness._held.values()) == set(awareness._seats)
        assert {id_ for id_, seat in awareness._seats.items() if seat.claimant is not None} == set(
            awareness._claimed.values()
        )


def test_A4_one_frame_tries_a_bounded_number_of_strangers_ids() -> None:
    awareness = Awareness()
    junk = [Entry(number, 1, "[]") for number in range(1, STRANGERS + 1)]
    assert awareness.hear(1, None, [*junk, Entry(9_999, 1, "{}")], lambda _: None, 0.0) == []
    assert awareness.hear(1, None, [Entry(9_999, 1, "{}"), *junk], lambda _: None, 0.0) != []


def test_A3_a_state_that_is_renewed_has_not_changed(table: Table) -> None:
    assert table.awareness.changed_at(ADA) is None
    table.now = 1.0
    table.says(ADA, 5, 1, '{"a":1}')
    table.now = 16.0
    table.says(ADA, 5, 2, '{"a":1}')
    assert table.awareness.changed_at(ADA) == 1.0
    table.says(ADA, 5, 3, '{"a":2}')
    assert table.awareness.changed_at(ADA) == 16.0
    table.leaves(ADA)
    assert table.awareness.changed_at(ADA) is None
