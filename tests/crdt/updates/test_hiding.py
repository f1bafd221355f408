"""SPEC.md, U8: clocks are hidden so that the rest of a document stays readable."""

import random

import pytest
from pycrdt import Text

from crdt.document import open_document
from crdt.updates import DeleteRanges, hide, merge, state_of
from crdt.updates.structs import parse
from tests.crdt.crafting import string, update
from tests.crdt.oracle import Oracle


def text_in(data: bytes) -> str:
    return str(open_document(data).get("text", type=Text))


def test_U8_what_was_typed_beside_hidden_clocks_stays_where_it_is() -> None:
    base = update((1, 0, [string("one two three")]))
    beside = update((2, 0, [string("<here>", origin=(1, 4), right=(1, 5))]))
    whole = merge([base, beside])
    assert text_in(whole) == "one t<here>wo three"
    hidden = DeleteRanges({1: [(4, 8)]})
    assert text_in(hide(whole, hidden, keep_place=True)) == "one <here>three"
    assert "<here>" not in text_in(hide(whole, hidden, keep_place=False)), "garbage has no place to type at"


def test_U8_nothing_hidden_is_the_same_object() -> None:
    whole = update((1, 0, [string("x")]))
    assert hide(whole, DeleteRanges(), keep_place=True) is whole


@pytest.mark.parametrize("keep_place", [True, False])
def test_U8_the_state_is_the_same_and_nothing_waits(oracle: Oracle, keep_place: bool) -> None:
    for seed in range(12):
        history = oracle.history(seed, steps=50)
        whole = merge(history.updates)
        chance = random.Random(seed)
        ranges: dict[int, list[tuple[int, int]]] = {}
        for client, end in history.end.state.items():
            start = chance.randrange(end)
            ranges[client] = [(start, chance.randint(start + 1, end))]
        shown = hide(whole, DeleteRanges(ranges), keep_place=keep_place)
        assert state_of(shown) == state_of(whole)
        told = oracle.apply([shown])
        assert told.state == history.end.state
        assert not told.pending
        for block in parse(shown).blocks:
            for struct in block.structs:
                start, end = ranges[block.client][0]
                assert struct.kind in (0, 1) or struct.next_clock <= start or struct.clock >= end
