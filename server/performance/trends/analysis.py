"""A series taken apart: its line, its season, what is left; and from these what is to come, and what was odd."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from server.performance.trends.line import Line, Numbers, line_through, spread
from server.performance.trends.season import Season, season_of

__all__ = ["LEAST_POINTS", "Analysis", "Direction", "analysed", "crossing"]

Direction = Literal["increasing", "decreasing", "stable", "volatile"]

LEAST_POINTS = 24
CHANCE = 0.01
"""A line is believed when so clear an order comes by chance less often than this."""
CLEAR_CHANGE = 0.05
"""Of the median: less of a change over the whole time is none, unless it is more than the readings scatter."""
WILD = 0.5
"""A spread of more than this share of the median, without a line."""
ODD = 4.0
"""In standard deviations of what the line and the season leave."""
DAMPING = 0.995
"""A step: what has grown does not grow for ever."""
ORIGINS, LEAST_TRAINING = 8, 0.5
BAND = 0.9
LEVEL_STEPS = 12


@dataclass(frozen=True, slots=True)
class Analysis:
    """expected   of each step, by line and season
    odd        steps whose reading is far from it
    score      how many standard deviations each reading is from it
    ahead      what is expected of the steps to come, from `lower` to `upper` in nine cases of ten that were tried
    """

    direction: Direction
    line: Line
    season: Season
    expected: Numbers
    odd: tuple[int, ...]
    score: Numbers
    ahead: Numbers
    lower: Numbers
    upper: Numbers


def analysed(values: Numbers, hours_a_step: float, horizon: int) -> Analysis:
    """`values`: one for each step, NaN where nothing was measured; at least LEAST_POINTS of them are known."""
    line, season = _parts(values, hours_a_step)
    steps = np.arange(len(values), dtype=np.float64)
    expected = line.at(steps) + season.at(steps)
    left = values - expected
    centre = float(np.nanmedian(left))
    expected, left = expected + centre, left - centre
    scale = spread(left) or 1e-9 + 0.01 * abs(float(np.nanmedian(values)))
    score = left / scale
    odd = tuple(int(each) for each in np.flatnonzero(np.abs(np.nan_to_num(score)) > ODD))
    ahead = _forecast(values, line, season, horizon)
    reach = _reach(values, hours_a_step, horizon, scale)
    direction = _direction(values, line, season, left)
    return Analysis(direction, line, season, expected, odd, score, ahead, ahead - reach, ahead + reach)


def crossing(ahead: Numbers, operator: str, level: float) -> int | None:
    """The first step to come (from 0 on) that is expected beyond the level."""
    if operator not in ("gt", "lt"):
        return None
    beyond = np.flatnonzero(ahead > level if operator == "gt" else ahead < level)
    return int(beyond[0]) if beyond.size else None


def _parts(values: Numbers, hours_a_step: float) -> tuple[Line, Season]:
    """The season is looked for without the line, and then the line without the season."""
    steps = np.arange(len(values), dtype=np.float64)
    first = line_through(values)
    season = season_of(values - first.at(steps), hours_a_step)
    return (line_through(values - season.at(steps)), season) if season.period else (first, season)


def _direction(values: Numbers, line: Line, season: Season, left: Numbers) -> Direction:
    change, median = abs(line.slope) * len(values), abs(float(np.nanmedian(values)))
    noise = spread(left)
    if _is_believed(values, line, season) and change > min(max(CLEAR_CHANGE * median, 1e-12), 2 * noise or np.inf):
        return "increasing" if line.slope > 0 else "decreasing"
    return "volatile" if noise > WILD * max(median, 1e-12) else "stable"


def _is_believed(values: Numbers, line: Line, season: Season) -> bool:
    """Neighbours are alike, so many points are less evidence than they seem: a line must also show in a few blocks."""
    if line.p >= CHANCE:
        return False
    steps = np.arange(len(values), dtype=np.float64)
    return line_through(values - season.at(steps), most=LEAST_POINTS).p < CHANCE


def _forecast(values: Numbers, line: Line, season: Season, horizon: int) -> Numbers:
    """From where it is now, along the line ever less, with the season."""
    n = len(values)
    steps, ahead = np.arange(n, dtype=np.float64), np.arange(n, n + horizon, dtype=np.float64)
    recent = (values - season.at(steps) - line.slope * (steps - (n - 1)))[-max(LEVEL_STEPS, season.period) :]
    known = recent[~np.isnan(recent)]
    now = float(np.median(known)) if known.size else line.level + line.slope * (n - 1)
    slope = line.slope if line.p < CHANCE else 0.0
    grown = np.cumsum(DAMPING ** np.arange(horizon))
    return now + slope * grown + season.at(ahead)


def _reach(values: Numbers, hours_a_step: float, horizon: int, scale: float) -> Numbers:
    """How far forecasts of this very series were off, by how far they looked ahead, from several moments of it."""
    n = len(values)
    first = int(LEAST_TRAINING * n)
    errors: list[Numbers] = []
    for origin in np.unique(np.linspace(first, n - 2, ORIGINS).astype(int)):
        known = values[:origin]
        if (~np.isnan(known)).sum() < LEAST_POINTS:
            continue
        made = _forecast(known, *_parts(known, hours_a_step), horizon)
        missed = np.full(horizon, np.nan)
        there = values[origin : origin + horizon]
        missed[: len(there)] = np.abs(there - made[: len(there)])
        errors.append(missed)
    tried = np.full((1, horizon), np.nan) if not errors else np.array(errors)
    reach = np.full(horizon, 2 * scale)
    width = max(1, horizon // 8)
    for start in range(0, horizon, width):
        part = tried[:, start : start + width]
        if not np.isnan(part).all():
            reach[start : start + width] = np.nanquantile(part, BAND)
    return np.maximum.accumulate(np.maximum(reach, scale))
