"""Series whose truth is known."""

import numpy as np

from server.performance.trends.line import Numbers

__all__ = ["DAY", "daily", "noise", "rising", "weekly"]

DAY = 24


def noise(n: int, seed: int, scale: float = 1.0) -> Numbers:
    return np.random.default_rng(seed).normal(0, scale, n)


def rising(n: int, slope: float, level: float = 100.0) -> Numbers:
    """So much a step."""
    return level + slope * np.arange(n, dtype=np.float64)


def daily(n: int, height: float, level: float = 100.0) -> Numbers:
    """High by day, low by night."""
    return level + height * np.sin(2 * np.pi * np.arange(n) / DAY)


def weekly(n: int, height: float, level: float = 100.0) -> Numbers:
    """Five days of work, two of rest, each with its hours."""
    hours = np.arange(n)
    works = (hours // DAY) % 7 < 5
    return level + np.where(works, height * (1 + np.sin(2 * np.pi * hours / DAY)), 0.0)
