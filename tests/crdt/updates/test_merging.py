"""Merging and cutting (U1, U2); test_updates.py compares both with Yjs."""

import pytest

from crdt.errors import MalformedUpdate
from crdt.updates import diff, encode_state_vector, merge, squash
from tests.crdt.crafting import any_values, deleted, gc, item, skip, string, update

ADA, BEN = 7, 9


def test_U2_nothing_merges_to_the_empty_update() -> None:
    assert merge([]) == merge([b"\0\0", b"\0\0"]) == update()


def test_U2_one_update_stays_as_it_is() -> None:
    only = update((ADA, 0, [string("a")]))
    assert merge([only]) is only


def test_U2_the_highest_client_comes_first() -> None:
    ada, ben = (ADA, 0, [string("a")]), (BEN, 0, [string("b")])
    assert merge([update(ada), update(ben)]) == update(ben, ada)


def test_U2_holes_are_skips_and_are_filled_later() -> None:
    first, hole, last = string("ab"), string("cd", origin=(ADA, 1)), string("e", origin=(ADA, 3))
    holed = merge([update((ADA, 4, [last])), update((ADA, 0, [first]))])
    assert holed == update((ADA, 0, [first, skip(2), last]))
    assert merge([holed, update((ADA, 2, [hole]))]) == update((ADA, 0, [first, hole, last]))


def test_U2_an_overlap_is_cut_off() -> None:
    merged = merge([update((ADA, 0, [string("abc")])), update((ADA, 1, [string("bcde", origin=(ADA, 0))]))])
    assert merged == update((ADA, 0, [string("abc"), string("de", origin=(ADA, 2))]))


@pytest.mark.parametrize("emptied", [gc(1), deleted(1)])
def test_U2_content_goes_before_its_ghost(emptied: bytes) -> None:
    full = update((ADA, 0, [string("a")]))
    ghost = update((ADA, 0, [emptied]))
    assert merge([ghost, full]) == merge([full, ghost]) == full


def test_U2_delete_ranges_are_joined() -> None:
    one, other = update(deletes={ADA: [(0, 2)]}), update(deletes={BEN: [(1, 2)], ADA: [(2, 3)]})
    assert merge([one, other]) == update(deletes={BEN: [(1, 2)], ADA: [(0, 3)]})


def test_U2_diff_cuts_the_first_struct() -> None:
    whole = update((ADA, 0, [string("a😀b", right=(BEN, 0))]), deletes={ADA: [(0, 1)]})
    assert diff(whole, encode_state_vector({ADA: 3})) == update(
        (ADA, 3, [string("b", origin=(ADA, 2), right=(BEN, 0))]), deletes={ADA: [(0, 1)]}
    )
    assert diff(whole, encode_state_vector({ADA: 4})) == update(deletes={ADA: [(0, 1)]})
    assert diff(whole, b"\0") == whole


def test_U2_diff_does_not_begin_with_a_skip() -> None:
    holed = update((ADA, 0, [string("ab"), skip(3), string("f", origin=(ADA, 4))]))
    assert diff(holed, encode_state_vector({ADA: 3})) == update((ADA, 5, [string("f", origin=(ADA, 4))]))


@pytest.mark.parametrize(
    "struct",
    [
        item(2, b"\x03\x04null\x09undefined\x017"),
        item(7, b"\x05\x04hook"),
        item(9, b"\x04guidv\x01\x04metaw\x01m"),
        item(5, b"\x14" + b"1" * 20),
        any_values(b"\x7a" + b"\x00" * 7 + b"\x2a", b"\x7d\x40", b"\x76\x02\x01z\x7e\x01a\x7e"),
    ],
    ids=["JSON values", "an XML hook", "a subdocument's meta", "a long number", "a bigint, -0, the order of keys"],
)
def test_U2_what_the_engine_loses_stays(struct: bytes) -> None:
    whole = update((ADA, 0, [struct]))
    merged = merge([whole, update((BEN, 0, [string("b")]))])
    assert merged == update((BEN, 0, [string("b")]), (ADA, 0, [struct]))
    assert diff(merged, encode_state_vector({BEN: 1})) == squash(whole) == whole


def test_U1_bad_bytes_are_malformed() -> None:
    with pytest.raises(MalformedUpdate):
        merge([b"\x01", b"\0\0"])
    with pytest.raises(MalformedUpdate):
        diff(b"\x01", b"\0")
    with pytest.raises(MalformedUpdate):
        diff(b"\0\0", b"\x01")
