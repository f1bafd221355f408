"""Counters become rates; what cannot be one has a reason."""

import math

from hypothesis import given
from hypothesis import strategies as st

from server.performance.rates import BEGUN_ANEW, FIRST, TOO_LONG_AGO, measured
from server.sources.probe import Reading


def test_a_gauge_stays_what_it_is_and_a_counter_is_a_rate_from_the_second_reading_on() -> None:
    first = measured(Reading({"connections": 7, "throughput": 100}), {}, 1000, 15)
    assert (first.values, first.missing) == ({"connections": 7}, {"throughput": FIRST})
    second = measured(Reading({"connections": 8, "throughput": 130}), first.carried, 1015, 15)
    assert (second.values, second.missing) == ({"connections": 8, "throughput": 2}, {})


def test_a_counter_that_begins_anew_is_no_negative_rate_and_goes_on_after_it() -> None:
    carried = {"at": 1000, "counters": {"throughput": 100}}
    anew = measured(Reading({"throughput": 3}), carried, 1015, 15)
    assert (anew.values, anew.missing) == ({}, {"throughput": BEGUN_ANEW})
    assert measured(Reading({"throughput": 18}), anew.carried, 1030, 15).values == {"throughput": 1}


def test_a_rate_over_a_long_gap_is_not_given_as_one_of_now() -> None:
    carried = {"at": 1000, "counters": {"throughput": 100}}
    assert measured(Reading({"throughput": 200}), carried, 1151, 15).missing == {"throughput": TOO_LONG_AGO}
    assert measured(Reading({"throughput": 200}), carried, 1150, 15).values == {"throughput": 100 / 150}


def test_a_clock_that_stands_or_goes_back_makes_no_rate() -> None:
    carried = {"at": 1000, "counters": {"throughput": 100}}
    for at in (1000, 999):
        assert measured(Reading({"throughput": 200}), carried, at, 15).missing == {"throughput": FIRST}


def test_a_reason_that_the_source_gave_stays() -> None:
    assert measured(Reading({}, {"replication_lag": "none"}), {}, 1, 15).missing == {"replication_lag": "none"}


numbers = st.floats(width=32) | st.sampled_from([math.inf, -math.inf, math.nan])


@given(st.lists(st.tuples(numbers, numbers), min_size=1, max_size=8))
def test_whatever_a_source_says_every_metric_is_a_finite_number_or_missing(says: list[tuple[float, float]]) -> None:
    carried: object = {}
    for turn, (gauge, counter) in enumerate(says):
        found = measured(Reading({"connections": gauge, "throughput": counter}), carried, turn * 15.0, 15)  # type: ignore[arg-type]
        assert found.values.keys() | found.missing.keys() == {"connections", "throughput"}
        assert not found.values.keys() & found.missing.keys()
        assert all(math.isfinite(value) for value in found.values.values())
        assert found.values.get("throughput", 0) >= 0
        carried = found.carried
