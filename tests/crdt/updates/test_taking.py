"""The part of an update below given clocks (U3)."""

import pytest

from crdt.updates import DeleteRanges, take, with_deletes
from tests.crdt.crafting import any_values, gc, item, skip, string, update

ADA, BEN = 7, 9


def test_U3_whole_structs_below_the_clock() -> None:
    first, second = string("ab"), string("c", right=(ADA, 0))
    data = update((ADA, 0, [first, second]), (BEN, 0, [string("x")]), deletes={BEN: [(0, 1)], ADA: [(0, 3)]})
    assert take(data, {ADA: 2}) == update((ADA, 0, [first]), deletes={ADA: [(0, 2)]})
    assert take(data, {}) == update()
    assert take(data, {ADA: 9, BEN: 9}) == data


@pytest.mark.parametrize(
    ("struct", "until", "head"),
    [
        (string("abc", right=(BEN, 0)), 2, string("ab", right=(BEN, 0))),
        (string("a😀"), 2, string("a\ufffd")),
        (gc(5), 2, gc(2)),
        (item(1, b"\x05"), 4, item(1, b"\x04")),
        (any_values(b"\x7e", b"\x77\x01a", b"\x78"), 2, any_values(b"\x7e", b"\x77\x01a")),
        (item(2, b"\x02\x04null\x017"), 1, item(2, b"\x01\x04null")),
    ],
)
def test_U3_a_struct_is_cut_as_yjs_cuts_it(struct: bytes, until: int, head: bytes) -> None:
    assert take(update((ADA, 0, [struct])), {ADA: until}) == update((ADA, 0, [head]))


def test_U3_no_skip_stands_at_either_end() -> None:
    data = update((ADA, 3, [skip(2), string("f", origin=(ADA, 4)), skip(4), string("g", origin=(ADA, 9))]))
    assert take(data, {ADA: 8}) == update((ADA, 5, [string("f", origin=(ADA, 4))]))
    assert take(data, {ADA: 5}) == update()


def test_U3_other_delete_ranges_take_the_place() -> None:
    data = update((ADA, 0, [string("ab")]), deletes={ADA: [(0, 2)]})
    assert with_deletes(data, DeleteRanges({BEN: [(1, 2)]})) == update(
        (ADA, 0, [string("ab")]), deletes={BEN: [(1, 2)]}
    )
    assert with_deletes(update(), DeleteRanges()) == update()
