"""Delete ranges beside a plain set of clocks (U6)."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crdt.errors import MalformedUpdate
from crdt.updates import DeleteRanges
from tests.crdt.crafting import update

RANGES = st.dictionaries(
    st.integers(1, 3),
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 6)).map(lambda each: (each[0], sum(each))), min_size=1),
)


def clocks(ranges: DeleteRanges) -> set[tuple[int, int]]:
    return {(client, clock) for client, each in ranges for start, end in each for clock in range(start, end)}


def plain(ranges: dict[int, list[tuple[int, int]]]) -> set[tuple[int, int]]:
    return {(client, clock) for client, each in ranges.items() for start, end in each for clock in range(start, end)}


@given(RANGES)
def test_U6_ranges_are_sorted_disjoint_and_joined(ranges: dict[int, list[tuple[int, int]]]) -> None:
    held = DeleteRanges(ranges)
    assert clocks(held) == plain(ranges)
    for _, each in held:
        assert all(start < end for start, end in each)
        assert all(one[1] < other[0] for one, other in itertools.pairwise(each))


@given(RANGES, RANGES)
def test_U6_add_missing_and_covers_are_those_of_sets(
    one: dict[int, list[tuple[int, int]]], other: dict[int, list[tuple[int, int]]]
) -> None:
    ours, theirs = DeleteRanges(one), DeleteRanges(other)
    assert clocks(ours.missing(theirs)) == plain(other) - plain(one)
    assert ours.covers(theirs) is (plain(other) <= plain(one))
    both = ours.copy()
    both.add(theirs)
    assert clocks(both) == plain(one) | plain(other)
    assert both == DeleteRanges({client: one.get(client, []) + other.get(client, []) for client in one | other})
    assert clocks(ours) == plain(one)


@given(RANGES, st.dictionaries(st.integers(1, 3), st.integers(0, 40)))
def test_U6_below_cuts_at_the_clock(ranges: dict[int, list[tuple[int, int]]], limits: dict[int, int]) -> None:
    kept = DeleteRanges(ranges).below(limits)
    assert clocks(kept) == {(client, clock) for client, clock in plain(ranges) if clock < limits.get(client, 0)}


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(1, 3)), min_size=30), st.integers(0, 400))
def test_U6_one_range_among_many(many: list[tuple[int, int]], at: int) -> None:
    held = DeleteRanges({1: [(start, start + length) for start, length in many]})
    expected = clocks(held) | {(1, at), (1, at + 1)}
    held.add(DeleteRanges({1: [(at, at + 2)]}))
    assert clocks(held) == expected


@given(RANGES)
def test_U6_encode_reads_back_and_stands_in_an_update(ranges: dict[int, list[tuple[int, int]]]) -> None:
    held = DeleteRanges(ranges)
    assert DeleteRanges.decode(held.encode()) == held
    ordered = dict(sorted(held, reverse=True))
    assert update(deletes=ordered) == b"\x00" + held.encode()


@given(RANGES)
def test_U1_every_prefix_is_malformed(ranges: dict[int, list[tuple[int, int]]]) -> None:
    whole = DeleteRanges(ranges).encode()
    for end in range(len(whole)):
        with pytest.raises(MalformedUpdate):
            DeleteRanges.decode(whole[:end])


def test_U6_empty_ones_are_false() -> None:
    assert not DeleteRanges()
    assert not DeleteRanges({1: []})
    assert DeleteRanges.decode(b"\x00") == DeleteRanges()
    assert DeleteRanges.decode(b"\x01\x07\x00") == DeleteRanges()
