"""Nothing leaves the house in quiet hours, by the clock of whoever has them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.notifications.model import QuietHours
from server.notifications.quiet_hours import end_of_quiet

CLOCKS = st.times().map(lambda at: f"{at:%H:%M}")
ZONES = st.sampled_from(["UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Pacific/Apia"])
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - see timezones


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("now", "end"),
    [
        ("2026-11-23T20:59:00Z", None),
        ("2026-11-23T21:00:00Z", "2026-11-24T06:00:00Z"),
        ("2026-11-24T05:59:59Z", "2026-11-24T06:00:00Z"),
        ("2026-11-24T06:00:00Z", None),
        # The night in which the clocks go back is an hour longer, and that in which they go forward an hour shorter.
        ("2026-10-24T20:00:00Z", "2026-10-25T06:00:00Z"),
        ("2026-03-28T21:00:00Z", "2026-03-29T05:00:00Z"),
    ],
)
def test_a_night_in_berlin(now: str, end: str | None) -> None:
    night = QuietHours(enabled=True, start="22:00", end="07:00", time_zone="Europe/Berlin")
    assert end_of_quiet(night, at(now)) == (at(end) if end is not None else None)


def test_who_has_none_is_never_quiet() -> None:
    for quiet in (QuietHours(), QuietHours(enabled=True, start="08:00", end="08:00")):
        assert end_of_quiet(quiet, at("2026-11-23T23:30:00Z")) is None


@given(start=CLOCKS, end=CLOCKS, zone=ZONES, now=MOMENTS)
def test_quiet_ends_within_a_day(start: str, end: str, zone: str, now: datetime) -> None:
    quiet = QuietHours(enabled=True, start=start, end=end, time_zone=zone)
    over = end_of_quiet(quiet, now)
    if over is not None:
        assert now < over <= now + timedelta(hours=26)
