"""Tries at 0, 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h; never before the receiver has asked for."""

from datetime import UTC, datetime, timedelta

from server.webhooks.schedule import DELAYS, JITTER, TRIES, next_try

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def test_each_try_has_its_delay_and_a_little_more() -> None:
    assert DELAYS == (0, 5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
    for tries in range(1, TRIES):
        at = next_try(tries, NOW, None)
        assert at is not None
        assert DELAYS[tries] <= (at - NOW).total_seconds() <= DELAYS[tries] * (1 + JITTER)
    assert len({next_try(1, NOW, None) for _ in range(20)}) > 1, "what failed together must not come back together"


def test_after_the_last_try_it_is_given_up() -> None:
    assert next_try(TRIES, NOW, None) is None
    assert next_try(TRIES, NOW, 5.0) is None


def test_a_receiver_may_ask_for_more_time_but_not_for_ever() -> None:
    assert next_try(1, NOW, 600.0) == NOW + timedelta(seconds=600)
    assert next_try(1, NOW, 1e9) == NOW + timedelta(hours=24)
    at = next_try(2, NOW, 1.0)
    assert at is not None
    assert at >= NOW + timedelta(seconds=300)
