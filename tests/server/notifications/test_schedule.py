"""When something leaves the house, and when it is tried again."""

from datetime import UTC, datetime, timedelta

from server.notifications.delivery import Later
from server.notifications.model import Preferences, QuietHours
from server.notifications.schedule import DELAYS, again, first_due, free_at

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
NIGHT = datetime(2026, 11, 23, 23, tzinfo=UTC)
QUIET = Preferences(quiet_hours=QuietHours(enabled=True))
MORNING = datetime(2026, 11, 24, 7, tzinfo=UTC)


def test_mail_waits_for_what_comes_next_and_push_does_not() -> None:
    wishes = Preferences(digest_minutes=10)
    assert first_due("email", wishes, "info", NOON) == NOON + timedelta(minutes=10)
    assert first_due("push", wishes, "info", NOON) == NOON


def test_in_quiet_hours_all_waits_but_what_is_critical() -> None:
    for channel in ("email", "push", "chat"):
        assert first_due(channel, QUIET, "high", NIGHT) == MORNING
        assert first_due(channel, QUIET, "critical", NIGHT) == NIGHT
    assert free_at(QUIET, "info", NOON) == NOON


def test_a_digest_that_would_end_in_quiet_hours_waits_for_the_morning() -> None:
    late = datetime(2026, 11, 23, 21, 59, tzinfo=UTC)
    assert first_due("email", QUIET, "info", late) == MORNING


def test_it_is_tried_again_later_and_later_and_then_given_up() -> None:
    waits = [again(Later("busy"), tries, NOON) for tries in range(1, len(DELAYS))]
    assert all(ended.state == "pending" for ended in waits)
    for ended, delay in zip(waits, DELAYS[1:], strict=True):
        assert ended.not_before is not None
        assert delay <= (ended.not_before - NOON).total_seconds() <= delay * 1.1
    last = again(Later("busy"), len(DELAYS), NOON)
    assert (last.state, last.why) == ("failed", f"given up after {len(DELAYS)} tries: busy")


def test_a_channel_may_ask_for_more_time_but_not_for_ever() -> None:
    for asked, waited in ((1, 1), (72, 24)):
        ended = again(Later("slow down", NOON + timedelta(hours=asked)), 1, NOON)
        assert ended.not_before == NOON + timedelta(hours=waited)
