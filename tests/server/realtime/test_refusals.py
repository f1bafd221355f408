"""Every refusal is counted; what a flood of them can write to the log is bounded, and says how much it left out."""

import logging
from datetime import UTC, datetime

import pytest

from server.errors import ForeignOrigin, NotFound, RateLimited, StoreRefuses
from server.realtime.refusals import ALL_AT_ONCE, AT_ONCE, EVERY_SECONDS, Refusals, reason_of


class Hands:
    seconds = 0.0

    def now(self) -> datetime:
        return datetime(2026, 11, 23, tzinfo=UTC)

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture(autouse=True)
def _heard(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "counterpoint.refused")


def test_a_flood_is_counted_whole_and_logged_seldom(caplog: pytest.LogCaptureFixture) -> None:
    hands = Hands()
    refusals = Refusals(hands)
    for _ in range(10_000):
        refusals.note("update", "malformed", "ada", document="d")
    assert refusals.counts == {("update", "malformed"): 10_000}
    assert len(caplog.records) == AT_ONCE
    hands.seconds = EVERY_SECONDS
    refusals.note("update", "malformed", "ada", document="d")
    assert caplog.records[-1].__dict__["left_out_before"] == 10_000 - AT_ONCE
    assert refusals.left_out == 10_000 - AT_ONCE


def test_another_user_is_still_heard_of(caplog: pytest.LogCaptureFixture) -> None:
    refusals = Refusals(Hands())
    for _ in range(100):
        refusals.note("frame", "text", "192.0.2.1")
    refusals.note("frame", "text", "192.0.2.2")
    assert caplog.records[-1].__dict__["who"] == "192.0.2.2"


def test_ten_thousand_addresses_write_no_more_than_the_bound_of_all(caplog: pytest.LogCaptureFixture) -> None:
    refusals = Refusals(Hands())
    for number in range(10_000):
        refusals.note("upgrade", "foreign_origin", f"2001:db8::{number:x}")
    assert len(caplog.records) == ALL_AT_ONCE
    assert refusals.counts["upgrade", "foreign_origin"] == 10_000


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ForeignOrigin(), "foreign_origin"),
        (NotFound("Ada's diary"), "not_found"),
        (RateLimited(), "rate_limited"),
        (StoreRefuses(), "store_refuses"),
    ],
)
def test_a_reason_is_a_word_of_the_program(error: Exception, reason: str) -> None:
    assert reason_of(error) == reason  # type: ignore[arg-type]
