"""A flood is let through a few at once and then one in a while; what was held back is counted."""

from hypothesis import given, settings
from hypothesis import strategies as st

from server.seldom import MOST_KEYS, Seldom


def seldom(all_at_once: int = 100, all_every_seconds: float = 0.001) -> Seldom:
    return Seldom(at_once=3, every_seconds=10, all_at_once=all_at_once, all_every_seconds=all_every_seconds)


def test_a_few_pass_at_once_and_the_next_after_a_while_with_what_was_held_back() -> None:
    limit = seldom()
    assert [limit.passes("a", 0.0) for _ in range(5)] == [0, 0, 0, None, None]
    assert limit.passes("a", 9.0) is None
    assert limit.passes("a", 10.0) == 3
    assert limit.passes("a", 10.0) is None
    assert limit.left_out == 4


def test_one_noisy_key_does_not_hide_another() -> None:
    limit = seldom()
    for _ in range(50):
        limit.passes("noisy", 0.0)
    assert limit.passes("quiet", 0.0) == 0


def test_all_keys_together_are_bounded() -> None:
    limit = seldom(all_at_once=5, all_every_seconds=1)
    passed = [key for key in range(1000) if limit.passes(key, 0.0) is not None]
    assert passed == [0, 1, 2, 3, 4]
    assert limit.passes("later", 1.0) == 0


def test_its_memory_is_bounded() -> None:
    limit = seldom()
    for key in range(3 * MOST_KEYS):
        limit.passes(key, 0.0)
    assert len(limit._keys) == MOST_KEYS


@given(st.lists(st.tuples(st.integers(0, 5), st.floats(0, 2)), max_size=200))
@settings(max_examples=50)
def test_never_more_than_the_rate(events: list[tuple[int, float]]) -> None:
    limit, now, passed = seldom(all_at_once=10, all_every_seconds=1), 0.0, 0
    for key, pause in events:
        now += pause
        passed += limit.passes(key, now) is not None
    assert passed + limit.left_out == len(events)
    assert passed <= 10 + now
