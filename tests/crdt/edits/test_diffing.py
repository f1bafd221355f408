"""Differences: right, small, and found in bounded time."""

import time

from hypothesis import given
from hypothesis import strategies as st

from crdt.edits.diffing import changes_of, gaps_of, paired

texts = st.text(st.sampled_from("ab \né😀\u0301"), max_size=40)


@given(texts, texts)
def test_E2_a_text_becomes_the_other_by_its_changes(old: str, new: str) -> None:
    said, at = "", 0
    for change in changes_of(old, new):
        assert change.start >= at
        said += old[at : change.start] + new[change.new_start : change.new_end]
        at = change.end
    assert said + old[at:] == new


@given(st.lists(st.integers(0, 3), max_size=12), st.lists(st.integers(0, 3), max_size=12))
def test_E2_a_list_becomes_the_other_by_its_gaps(old: list[int], new: list[int]) -> None:
    said: list[int] = []
    at = 0
    for gap in gaps_of(old, new):
        said += old[at : gap.start] + new[gap.new_start : gap.new_end]
        at = gap.end
    assert said + old[at:] == new


def test_E3_only_what_differs_changes() -> None:
    old = "The quick brown fox\njumps over\nthe lazy dog"
    new = "The quick brown cat\njumps over\nthe very lazy dog"
    assert [new[each.new_start : each.new_end] for each in changes_of(old, new)] == ["cat", " very"]


def test_E3_words_that_are_nothing_alike_are_replaced_whole() -> None:
    assert len(changes_of("x abcdef y", "x uvafgw y")) == 1


@given(st.integers(0, 5), st.integers(0, 5), st.data())
def test_E3_pairs_keep_the_order_and_leave_nobody_out(olds: int, news: int, data: st.DataObject) -> None:
    scores = data.draw(
        st.lists(st.lists(st.sampled_from([0.0, 0.2, 1.0]), min_size=news, max_size=news), min_size=olds, max_size=olds)
    )
    steps = paired(olds, news, lambda old, new: scores[old][new])
    assert [old for old, _ in steps if old is not None] == list(range(olds))
    assert [new for _, new in steps if new is not None] == list(range(news))
    assert all(scores[old][new] for old, new in steps if old is not None and new is not None)


def test_E9_texts_of_equal_parts_cost_bounded_time() -> None:
    began = time.process_time()
    changes_of("a\n" * 20_000 + "x", "b\n" + "a\n" * 20_000)
    changes_of("ab " * 20_000, "ba " * 20_000)
    gaps_of([1, 2] * 5_000, [2, 1, 3] * 5_000)
    paired(500, 500, lambda old, new: 0.5)
    assert time.process_time() - began < 5
