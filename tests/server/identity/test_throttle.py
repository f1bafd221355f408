"""Wrong guesses make the next one wait."""

import pytest

from server.errors import RateLimited
from server.identity.throttle import ACCOUNT, ADDRESS, HOUR, MAX_RECORDS, PAIR, HourlyLimit, SignInThrottle
from tests.server.identity.place import HandClock


@pytest.fixture
def throttle(clock: HandClock) -> SignInThrottle:
    return SignInThrottle(clock)


def waits(throttle: SignInThrottle, account: str, address: str) -> float:
    """Seconds until this guess is taken, 0.0 when it was."""
    try:
        throttle.attempt(account, address)
    except RateLimited as error:
        return error.retry_after or 0.0
    return 0.0


def test_five_guesses_are_free_and_then_each_waits_twice_as_long(throttle: SignInThrottle, clock: HandClock) -> None:
    assert [waits(throttle, "ada", "192.0.2.1") for _ in range(PAIR.free)] == [0.0] * PAIR.free
    for seconds in (1.0, 2.0, 4.0, 8.0):
        assert waits(throttle, "ada", "192.0.2.1") == seconds
        assert waits(throttle, "ada", "192.0.2.1") == seconds, "a guess that was not taken counts for nothing"
        clock.move(seconds=seconds)
        assert waits(throttle, "ada", "192.0.2.1") == 0.0


def test_the_owner_elsewhere_is_not_locked_out(throttle: SignInThrottle) -> None:
    for _ in range(20):
        waits(throttle, "ada", "192.0.2.1")
    assert waits(throttle, "ada", "198.51.100.1") == 0.0
    assert waits(throttle, "ben", "192.0.2.1") == 0.0


def test_a_thousand_addresses_still_slow_down_on_one_account_but_not_for_long(throttle: SignInThrottle) -> None:
    taken = sum(waits(throttle, "ada", f"10.0.{n // 250}.{n % 250}") == 0.0 for n in range(1000))
    assert taken == ACCOUNT.free
    assert waits(throttle, "ada", "198.51.100.1") <= ACCOUNT.longest


def test_one_address_slows_down_over_all_accounts(throttle: SignInThrottle) -> None:
    taken = sum(waits(throttle, f"user {n}", "192.0.2.1") == 0.0 for n in range(1000))
    assert taken == ADDRESS.free


def test_a_household_of_ipv6_addresses_counts_as_one(throttle: SignInThrottle) -> None:
    taken = sum(waits(throttle, "ada", f"2001:db8::{n:x}") == 0.0 for n in range(1, 50))
    assert taken == PAIR.free
    assert waits(throttle, "ada", "2001:db8:0:1::1") == 0.0


def test_a_right_password_is_forgiven_its_wrong_guesses(throttle: SignInThrottle) -> None:
    for _ in range(4):
        waits(throttle, "ada", "192.0.2.1")
    assert waits(throttle, "ada", "192.0.2.1") == 0.0
    throttle.succeeded("ada", "192.0.2.1")
    assert [waits(throttle, "ada", "192.0.2.1") for _ in range(PAIR.free)] == [0.0] * PAIR.free


def test_right_passwords_never_slow_an_office_down(throttle: SignInThrottle) -> None:
    for n in range(500):
        assert waits(throttle, f"user {n}", "192.0.2.1") == 0.0
        throttle.succeeded(f"user {n}", "192.0.2.1")


def test_what_is_remembered_has_a_bound(throttle: SignInThrottle) -> None:
    for n in range(MAX_RECORDS):
        waits(throttle, f"user {n}", f"10.{n // 65536}.{n // 256 % 256}.{n % 256}")
    assert len(throttle._records) <= MAX_RECORDS


def test_a_guess_that_was_not_checked_counts_nowhere(throttle: SignInThrottle) -> None:
    for n in range(3 * ADDRESS.free):
        assert waits(throttle, "ada", "192.0.2.1") == 0.0, n
        throttle.withdraw("ada", "192.0.2.1")


def taken(limit: HourlyLimit, key: str) -> float:
    """0.0, or the seconds to wait."""
    try:
        limit.take(key)
    except RateLimited as error:
        return error.retry_after or 0.0
    return 0.0


def test_so_many_in_any_hour_and_each_key_by_itself(clock: HandClock) -> None:
    limit = HourlyLimit(clock, 2, "letters")
    assert taken(limit, "ada") == 0.0
    clock.move(seconds=HOUR / 2)
    assert taken(limit, "ada") == 0.0
    assert taken(limit, "ada") == HOUR / 2
    assert taken(limit, "ben") == 0.0
    clock.move(seconds=HOUR / 2)
    assert taken(limit, "ada") == 0.0, "the first one is an hour old"
    assert taken(limit, "ada") == HOUR / 2, "one that was refused is not counted"
