"""When a delivery that did not arrive is tried again, and when it is given up."""

import random
from datetime import datetime, timedelta

__all__ = ["TRIES", "next_try"]

MINUTE, HOUR = 60, 3600
DELAYS = (0, 5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR)
"""Seconds before each try: the first one at once, each of the others so long after the one before it."""
TRIES = len(DELAYS)
JITTER = 0.1
"""Up to this share is added, so that what failed together does not come back together."""
LONGEST_WAIT = 24 * HOUR


def next_try(tries: int, now: datetime, asked: float | None) -> datetime | None:
    """When to try again after so many tries; not before the receiver has `asked` for. None: it is given up."""
    if tries >= TRIES:
        return None
    delay = DELAYS[tries] * (1 + random.random() * JITTER)  # noqa: S311 - spreads load, guards nothing
    return now + timedelta(seconds=max(delay, min(asked or 0.0, LONGEST_WAIT)))
