"""Is it the same content? (U5, decision 2)."""

import pytest

from crdt.updates import same_content
from tests.crdt.crafting import any_values, deleted, gc, item, skip, string, update

ADA, BEN = 7, 9
ALL = {ADA: (0, 99), BEN: (0, 99)}


def same(one: bytes, other: bytes) -> bool:
    forth = same_content(update((ADA, 0, [one])), update((ADA, 0, [other])), ALL)
    assert forth is same_content(update((ADA, 0, [other])), update((ADA, 0, [one])), ALL)
    return forth


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (string("abc"), string("abd")),
        (string("a"), string("a", parent="other")),
        (string("a"), string("a", origin=(BEN, 0))),
        (string("a", origin=(BEN, 0)), string("a", origin=(BEN, 1))),
        (string("a", origin=(BEN, 0)), string("a", origin=(BEN, 0), right=(BEN, 1))),
        (string("a"), any_values(b"\x7e")),
        (string("é"), string("\ufffd")),
        (string("😀"), string("😁")),
        (any_values(b"\x7e"), any_values(b"\x7f")),
        (any_values(b"\x78"), any_values(b"\x7d\x01")),
        (any_values(b"\x7d\x01"), any_values(b"\x7a" + b"\x00" * 7 + b"\x01")),
        (any_values(b"\x76\x01\x01a\x7e"), any_values(b"\x76\x01\x01b\x7e")),
        (item(3, b"\x01a"), item(3, b"\x01b")),
        (item(5, b"\x011"), item(5, b"\x012")),
        (item(5, b"\x04true"), item(5, b"\x011")),
        (item(6, b"\x01b\x04true"), item(6, b"\x01i\x04true")),
        (item(7, b"\x01"), item(7, b"\x02")),
        (item(7, b"\x03\x01p"), item(7, b"\x03\x01q")),
        (item(9, b"\x01av\x00"), item(9, b"\x01bv\x00")),
        (item(2, b"\x01\x09undefined"), item(2, b"\x01\x04null")),
    ],
)
def test_U5_a_difference_is_seen(one: bytes, other: bytes) -> None:
    assert same(one, one)
    assert same(other, other)
    assert not same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (string("a😀b"), string("a\ufffd\ufffdb")),
        (string("abc"), gc(3)),
        (string("abc"), deleted(3)),
        (any_values(b"\x7e"), gc(1)),
        (item(5, b'\x0d{"a":1,"b":2}'), item(5, b'\x11{"b":2.0,"a":1.0}')),
        (any_values(b"\x76\x02\x01a\x7e\x01b\x7f"), any_values(b"\x76\x02\x01b\x7f\x01a\x7e")),
        (any_values(b"\x7d\x02"), any_values(b"\x7b\x40" + b"\x00" * 7)),
        (any_values(b"\x7d\x02"), any_values(b"\x7c\x40" + b"\x00" * 3)),
        (any_values(b"\x7b\x7f\xf8" + b"\x00" * 6), any_values(b"\x7c\x7f\xc0\x00\x00")),
        (item(9, b"\x01av\x00"), item(9, b"\x01av\x01\x01k\x7e")),
    ],
)
def test_U5_another_way_to_say_it_is_no_difference(one: bytes, other: bytes) -> None:
    assert same(one, other)


def test_U5_pieces_of_other_lengths_are_compared_by_clock() -> None:
    whole = update((ADA, 0, [string("abcdef", right=(BEN, 0))]))
    right = (BEN, 0)
    pieces = [
        string("ab", right=right),
        string("cd", origin=(ADA, 1), right=right),
        string("ef", origin=(ADA, 3), right=right),
    ]
    assert same_content(whole, update((ADA, 0, pieces)), ALL)
    pieces[1] = string("cx", origin=(ADA, 1), right=right)
    assert not same_content(whole, update((ADA, 0, pieces)), ALL)
    assert same_content(whole, update((ADA, 0, pieces)), {ADA: (0, 3)})
    pieces[1] = string("cd", origin=(ADA, 0), right=right)
    assert not same_content(whole, update((ADA, 0, pieces)), ALL)


def test_U5_what_either_lacks_is_not_compared() -> None:
    known = update((ADA, 2, [string("cd", origin=(ADA, 1))]))
    theirs = update((ADA, 0, [string("xx"), skip(1), string("d", origin=(ADA, 2))]), (BEN, 0, [string("z")]))
    assert same_content(known, theirs, ALL)
