"""The slope is that of the line, whatever a few wild readings say; order by chance is not believed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.performance.trends.line import blocks, line_through, spread
from tests.server.performance.trends.series import noise, rising


@pytest.mark.parametrize("slope", [-2.0, -0.01, 0.0, 0.01, 2.0])
@pytest.mark.parametrize("n", [24, 199, 201, 720])
def test_the_slope_of_a_line_is_found(slope: float, n: int) -> None:
    line = line_through(rising(n, slope))
    assert line.slope == pytest.approx(slope)
    assert line.at(np.array([0.0]))[0] == pytest.approx(100, abs=1e-6)
    assert line.p == 1.0 if slope == 0 else line.p < 1e-6


def test_wild_readings_and_gaps_do_not_move_it() -> None:
    values = rising(720, 0.5) + noise(720, 1)
    values[::10] = 1e6
    values[100:200] = np.nan
    assert line_through(values).slope == pytest.approx(0.5, rel=0.02)


def test_noise_is_hardly_ever_taken_for_a_line() -> None:
    believed = sum(line_through(noise(240, seed)).p < 0.01 for seed in range(300))
    assert believed <= 9, "three times as often as by chance at the most"


@pytest.mark.parametrize("values", [[], [5.0], [np.nan, np.nan], [np.nan, 5.0], [3.0, 3.0, 3.0]])
def test_what_is_no_series_is_level(values: list[float]) -> None:
    line = line_through(np.array(values, dtype=np.float64))
    assert (line.slope, line.p) == (0, 1)


@given(st.lists(st.floats(-1e9, 1e9), min_size=2, max_size=300), st.floats(-1e6, 1e6))
def test_what_is_moved_up_has_the_same_slope(values: list[float], by: float) -> None:
    series = np.array(values)
    scale = max(1.0, float(np.abs(series).max()), abs(by))
    assert line_through(series + by).slope == pytest.approx(line_through(series).slope, abs=1e-6 * scale)


@given(st.lists(st.floats(-1e6, 1e6) | st.just(np.nan), max_size=500))
def test_blocks_are_in_the_bounds_of_their_readings(values: list[float]) -> None:
    series = np.array(values, dtype=np.float64)
    middles, medians = blocks(series) if len(series) else (series, series)
    assert len(middles) == len(medians) <= 200
    if len(medians):
        assert np.nanmin(series) <= medians.min() <= medians.max() <= np.nanmax(series)


def test_the_spread_is_that_of_the_many() -> None:
    values = noise(2_000, 3, 5.0)
    values[:100] = 1e6
    assert spread(values) == pytest.approx(5, rel=0.1)
    assert spread(np.array([np.nan])) == 0
