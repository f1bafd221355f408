"""The line through a series, and whether there is one: Theil and Sen's slope, Mann and Kendall's test.

H. Theil (1950) and P. K. Sen (1968): the median of the slopes of all pairs, which a few wild readings do not move.
H. B. Mann (1945), M. G. Kendall (1975): how many pairs rise and how many fall, with the correction for ties.
"""

from dataclasses import dataclass
from math import erfc, sqrt
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["Line", "Numbers", "blocks", "line_through", "spread"]

Numbers: TypeAlias = NDArray[np.float64]
"""With NaN where nothing was measured."""

MOST_POINTS = 200
"""Pairs grow with the square: longer series are taken in blocks, each by its median."""
NORMAL_MAD = 1.4826
"""The median absolute deviation of a normal distribution times this is its standard deviation."""


@dataclass(frozen=True, slots=True)
class Line:
    """slope   a step
    level   at step 0
    p       how likely so clear an order of the readings is by chance
    """

    slope: float
    level: float
    p: float

    def at(self, steps: Numbers) -> Numbers:
        return self.level + self.slope * steps


def spread(values: Numbers) -> float:
    """A standard deviation that a few wild readings do not move; 0 for nothing."""
    known = values[~np.isnan(values)]
    if not known.size:
        return 0.0
    return float(NORMAL_MAD * np.median(np.abs(known - np.median(known))))


def blocks(values: Numbers, most: int = MOST_POINTS) -> tuple[Numbers, Numbers]:
    """The middles of blocks, in steps, and their medians; blocks without a reading are left out."""
    size = max(1, -(-len(values) // most))
    padded = np.full(size * -(-len(values) // size), np.nan)
    padded[: len(values)] = values
    rows = padded.reshape(-1, size)
    known = ~np.isnan(rows).all(axis=1)
    if not len(rows):
        return np.empty(0), np.empty(0)
    middles = np.arange(len(rows)) * size + (size - 1) / 2
    return middles[known], np.nanmedian(rows[known], axis=1) if known.any() else np.empty(0)


def line_through(values: Numbers, most: int = MOST_POINTS) -> Line:
    """NaN are passed over. Of fewer than two readings the line is level."""
    steps, known = blocks(values, most)
    if len(known) < 2:
        return Line(0.0, float(known[0]) if len(known) else 0.0, 1.0)
    earlier, later = np.triu_indices(len(known), 1)
    rises = known[later] - known[earlier]
    slope = float(np.median(rises / (steps[later] - steps[earlier])))
    return Line(slope, float(np.median(known - slope * steps)), _chance(known, float(np.sign(rises).sum())))


def _chance(known: Numbers, score: float) -> float:
    """Two-sided, with the normal approximation and its correction for continuity."""
    n = len(known)
    ties = np.unique(known, return_counts=True)[1].astype(np.float64)
    variance = (n * (n - 1) * (2 * n + 5) - float((ties * (ties - 1) * (2 * ties + 5)).sum())) / 18
    if variance <= 0 or score == 0:
        return 1.0
    return erfc((abs(score) - 1) / sqrt(variance) / sqrt(2))
