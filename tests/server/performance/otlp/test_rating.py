"""Totals become rates; what cannot be one yet is left out, and the next message can."""

import math

from hypothesis import given
from hypothesis import strategies as st

from server.performance.otlp.rating import rated
from server.performance.otlp.reading import Batch, Total


def batch(**totals: Total) -> Batch:
    return Batch({}, totals=totals)


def test_a_total_since_the_start_is_a_rate_from_the_second_message_on() -> None:
    readings, kept = rated(batch(orders=Total(10, 0, 100, cumulative=True)), {})
    assert readings == {}
    readings, kept = rated(batch(orders=Total(40, 0, 115, cumulative=True)), kept)
    assert readings == {"orders": 2}
    assert kept["orders"] == [40, 0, 115]


def test_a_process_that_has_begun_anew_is_counted_from_its_start() -> None:
    _, kept = rated(batch(orders=Total(1000, 0, 100, cumulative=True)), {})
    readings, _ = rated(batch(orders=Total(20, 105, 115, cumulative=True)), kept)
    assert readings == {"orders": 2}


def test_a_total_of_its_own_time_is_a_rate_at_once_and_may_be_negative() -> None:
    readings, kept = rated(batch(open=Total(-30, 100, 115, cumulative=False)), {})
    assert (readings, kept) == ({"open": -2}, {})


def test_a_histogram_is_a_rate_and_a_mean() -> None:
    def seconds(count: float, total: float, until: float) -> Batch:
        return batch(
            **{"x.count": Total(count, 0, until, cumulative=True), "x.sum": Total(total, 0, until, cumulative=True)}
        )

    _, kept = rated(seconds(10, 5, 100), {})
    readings, kept = rated(seconds(40, 20, 115), kept)
    assert readings == {"x.rate": 2, "x.mean": 0.5}
    readings, _ = rated(seconds(40, 20, 130), kept)
    assert readings == {"x.rate": 0}, "where nothing was counted there is no mean"


def test_a_sum_and_a_count_that_belong_to_nothing_are_what_they_are() -> None:
    readings, _ = rated(batch(**{"a.sum": Total(10, 0, 10, cumulative=False), "b.count": Total(1, 0, 1, False)}), {})
    assert readings == {"a.sum": 1, "b.count": 1}


number = st.floats(-1e12, 1e12)


@given(*[st.builds(Total, number, number, number, st.booleans())] * 2)
def test_whatever_comes_rates_are_numbers(first: Total, second: Total) -> None:
    _, kept = rated(batch(a=first), {})
    readings, _ = rated(batch(a=second), kept)
    assert all(math.isfinite(value) for value in readings.values())
