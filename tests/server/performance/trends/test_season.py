"""What comes back is found with its period, and what does not is not invented."""

import numpy as np
import pytest

from server.performance.trends.season import season_of
from tests.server.performance.trends.series import daily, noise, weekly


@pytest.mark.parametrize("hours_a_step", [1, 3])
def test_a_day_is_found_at_every_step(hours_a_step: int) -> None:
    values = (daily(720, 10, 0) + noise(720, 1, 2))[::hours_a_step]
    season = season_of(values, hours_a_step)
    assert (season.hours, season.period) == (24, 24 // hours_a_step)
    assert season.strength > 0.8
    assert season.at(np.array([6 // hours_a_step]))[0] == pytest.approx(10, abs=1.5)
    assert season.at(np.array([0.0, season.period]))[0] == season.at(np.array([0.0, season.period]))[1]


def test_a_week_is_more_than_seven_days() -> None:
    season = season_of(weekly(720, 10, 0) - 5 + noise(720, 2, 1), 1)
    assert (season.hours, season.period) == (168, 168)


def test_gaps_do_not_hide_it() -> None:
    values = daily(720, 10, 0) + noise(720, 3, 2)
    values[200:330] = np.nan
    assert season_of(values, 1).hours == 24


def test_noise_has_none_and_a_short_series_says_so() -> None:
    assert sum(season_of(noise(720, seed), 1).period > 0 for seed in range(100)) == 0
    short = season_of(daily(60, 10, 0), 1)
    assert (short.period, short.reason) == (0, "There are less than three days of it.")
    assert list(short.at(np.arange(3.0))) == [0, 0, 0]
    assert season_of(np.zeros(720), 1).period == 0
