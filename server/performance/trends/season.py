"""What comes back every day or every week: the phase that a reading is in tells what to expect."""

from dataclasses import dataclass

import numpy as np

from server.performance.trends.line import Numbers

__all__ = ["Season", "season_of"]

DAY, WEEK = 24, 168
LEAST_PERIODS = 3
LEAST_STRENGTH = 0.3
"""A correlation with what was one period before; noise of 72 points has hardly ever 0.25."""
A_WEEK_IS_BETTER_BY = 0.1
LEAST_KNOWN = 0.5


@dataclass(frozen=True, slots=True)
class Season:
    """period     in steps; 0: there is none, and `reason` says why
    hours      the same in hours
    strength   correlation of a reading with the one of a period before
    profile    by phase, around 0
    """

    period: int
    hours: int
    strength: float
    profile: Numbers
    reason: str | None

    def at(self, steps: Numbers) -> Numbers:
        """What it adds at these steps."""
        if not self.period:
            return np.zeros(len(steps))
        return self.profile[steps.astype(np.int64) % self.period]


def season_of(detrended: Numbers, hours_a_step: float) -> Season:
    """Of values around 0, NaN where nothing was measured."""
    best: Season | None = None
    for hours in (DAY, WEEK):
        period = round(hours / hours_a_step)
        if period < 4 or len(detrended) < LEAST_PERIODS * period:
            continue
        strength = _correlation(detrended, period)
        better_by = 0.0 if best is None else best.strength + A_WEEK_IS_BETTER_BY
        if strength > max(LEAST_STRENGTH, better_by):
            best = Season(period, hours, strength, _profile(detrended, period), None)
    if best is not None:
        return best
    too_short = len(detrended) < LEAST_PERIODS * DAY / hours_a_step
    reason = "There are less than three days of it." if too_short else "Nothing comes back every day or every week."
    return Season(0, 0, 0.0, np.zeros(0), reason)


def _correlation(values: Numbers, lag: int) -> float:
    earlier, later = values[:-lag], values[lag:]
    both = ~(np.isnan(earlier) | np.isnan(later))
    if both.sum() < LEAST_KNOWN * len(earlier):
        return 0.0
    earlier, later = _tamed(earlier[both]), _tamed(later[both])
    if not earlier.std() or not later.std():
        return 0.0
    return float(np.corrcoef(earlier, later)[0, 1])


def _tamed(values: Numbers) -> Numbers:
    """Wild readings count no more than others at the edge."""
    low, high = np.percentile(values, (2, 98))
    return np.clip(values, low, high)


def _profile(values: Numbers, period: int) -> Numbers:
    """The median of each phase; a phase without a reading adds nothing."""
    padded = np.full(period * -(-len(values) // period), np.nan)
    padded[: len(values)] = values
    rows = padded.reshape(-1, period)
    known = ~np.isnan(rows).all(axis=0)
    profile = np.zeros(period)
    profile[known] = np.nanmedian(rows[:, known], axis=0)
    return profile - np.median(profile)
