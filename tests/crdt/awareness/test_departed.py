"""Ids that have left are remembered, within bounds (SPEC.md, A9)."""

from crdt.awareness.departed import PER_USER, USERS, Departed, Last


def test_A9_the_last_clock_and_user_are_remembered_until_forgotten() -> None:
    departed = Departed()
    departed.remember(5, Last("ada", 7))
    departed.remember(5, Last("ada", 9))
    assert departed.last(5) == Last("ada", 9)
    departed.forget(5)
    departed.forget(5)
    assert departed.last(5) is None
    assert len(departed) == 0


def test_A9_a_users_own_ids_push_each_other_out_and_nobody_elses() -> None:
    departed = Departed()
    departed.remember(1, Last("ben", 3))
    for client_id in range(10, 10 + 10 * PER_USER):
        departed.remember(client_id, Last("eve", 1))
    assert departed.last(1) == Last("ben", 3)
    assert len(departed) == PER_USER + 1
    assert departed.last(9 + 10 * PER_USER) is not None


def test_A9_memory_is_bounded_over_users() -> None:
    departed = Departed()
    for number in range(USERS + 50):
        departed.remember(number, Last(f"user {number}", 1))
    assert len(departed) == USERS
    assert departed.last(0) is None
    assert departed.last(USERS + 49) is not None
