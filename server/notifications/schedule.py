"""When something may leave the house, when it is tried again, and when it is given up."""

import random
from datetime import datetime, timedelta

from persistence.notification_deliveries import Ended
from server.notifications.delivery import Channel, Later
from server.notifications.model import Preferences
from server.notifications.quiet_hours import end_of_quiet

__all__ = ["again", "first_due", "free_at"]

MINUTE, HOUR = 60, 3600
DELAYS = (0, 30, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, 2 * HOUR, 6 * HOUR, 12 * HOUR)
"""Seconds before each try."""
JITTER = 0.1
LONGEST_WAIT = timedelta(hours=24)


def free_at(preferences: Preferences, severity: str, now: datetime) -> datetime:
    """Now, or the end of the quiet hours; what is critical does not wait for it."""
    quiet = end_of_quiet(preferences.quiet_hours, now) if severity != "critical" else None
    return quiet if quiet is not None else now


def first_due(channel: Channel, preferences: Preferences, severity: str, now: datetime) -> datetime:
    """E-mails wait for what comes next, unless it is critical."""
    is_digest = channel == "email" and severity != "critical"
    wait = timedelta(minutes=preferences.digest_minutes) if is_digest else timedelta(0)
    return free_at(preferences, severity, now + wait)


def again(later: Later, tries: int, now: datetime) -> Ended:
    """When to try again after so many tries; not before the channel has asked for."""
    if tries >= len(DELAYS):
        return Ended("failed", f"given up after {tries} tries: {later.why}")
    delay = timedelta(seconds=DELAYS[tries] * (1 + random.random() * JITTER))  # noqa: S311 - it spreads load
    asked = min(later.at, now + LONGEST_WAIT) if later.at is not None else now
    return Ended("pending", later.why, not_before=max(now + delay, asked))
