"""Direction, forecast and anomalies of series whose truth is known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.performance.trends.analysis import LEAST_POINTS, analysed, crossing
from server.performance.trends.line import Numbers
from tests.server.performance.trends.series import daily, noise, rising, weekly

N, AHEAD = 720, 72
WILD = np.abs(np.random.default_rng(5).standard_cauchy(N))


@pytest.mark.parametrize(
    ("values", "direction"),
    [
        (rising(N, 0.1) + noise(N, 1, 5), "increasing"),
        (rising(N, -0.1) + noise(N, 2, 5), "decreasing"),
        (rising(N, 0.05) + daily(N, 20) + noise(N, 3, 5), "increasing"),
        (rising(N, 0, 100) + noise(N, 4, 5), "stable"),
        (daily(N, 30) + noise(N, 5, 5), "stable"),
        (weekly(N, 30) + noise(N, 6, 5), "stable"),
        (np.full(N, 7.0), "stable"),
        (np.zeros(N), "stable"),
        (WILD, "volatile"),
    ],
    ids=["up", "down", "up with a day", "level", "day", "week", "constant", "nothing", "wild"],
)
def test_the_direction_is_that_of_the_truth(values: Numbers, direction: str) -> None:
    assert analysed(values, 1, AHEAD).direction == direction


@pytest.mark.parametrize("make", [daily, weekly])
def test_a_season_is_forecast_better_than_by_what_was_a_period_ago(make) -> None:  # type: ignore[no-untyped-def]
    truth = make(N + AHEAD, 20) + noise(N + AHEAD, 7, 5)
    found = analysed(truth[:N], 1, AHEAD)
    period = found.season.period
    naive = np.array([truth[N + step - period * (step // period + 1)] for step in range(AHEAD)])
    error, naive_error = (float(np.abs(each - truth[N:]).mean()) for each in (found.ahead, naive))
    assert error < naive_error
    inside = ((found.lower <= truth[N:]) & (truth[N:] <= found.upper)).mean()
    assert inside > 0.75


def test_a_disk_that_fills_is_seen_to_be_full_in_time() -> None:
    values = rising(N, 0.05, 50) + noise(N, 8, 0.5)
    found = analysed(values, 1, 240)
    at = crossing(found.ahead, "gt", 90)
    assert at is not None
    assert 80 <= at <= 160, "the truth is 80; what has grown is not taken to grow for ever"
    assert crossing(found.ahead, "gt", 200) is None
    assert crossing(found.ahead, "lt", 90) == 0
    assert crossing(found.ahead, "eq", 90) is None


def test_what_is_odd_is_found_and_nothing_else() -> None:
    values = daily(N, 20) + noise(N, 9, 2)
    odd = (100, 333, 600)
    for each in odd:
        values[each] += 40
    assert set(analysed(values, 1, AHEAD).odd) >= set(odd)
    assert len(analysed(values, 1, AHEAD).odd) <= len(odd) + 2


def test_a_constant_that_jumps_once_is_odd_there() -> None:
    values = np.full(N, 100.0)
    values[400] = 150
    assert analysed(values, 1, AHEAD).odd == (400,)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(-1e9, 1e9) | st.just(np.nan), min_size=LEAST_POINTS, max_size=200).filter(
        lambda values: np.isfinite(values).sum() >= LEAST_POINTS
    ),
    st.sampled_from([1.0, 3.0, 12.0, 1 / 12]),
)
def test_whatever_was_measured_has_finite_answers(values: list[float], hours_a_step: float) -> None:
    series = np.array(values, dtype=np.float64)
    found = analysed(series, hours_a_step, 24)
    for each in (found.expected, found.ahead, found.lower, found.upper):
        assert np.isfinite(each).all()
    assert (found.lower <= found.ahead).all()
    assert (found.ahead <= found.upper).all()
    assert all(not np.isnan(series[each]) for each in found.odd)
