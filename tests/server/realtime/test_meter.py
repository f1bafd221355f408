"""The meter: a burst is free, what is above the rate is a pause."""

from datetime import UTC, datetime

from server.realtime.meter import Meter


class TestClock:
    __test__ = False

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds, UTC)

    def monotonic(self) -> float:
        return self.seconds


def test_a_burst_of_five_seconds_worth_costs_no_pause() -> None:
    meter = Meter(TestClock(), messages=10, size=1000)
    assert max(meter.take(1) for _ in range(50)) <= 0


def test_above_the_burst_the_pause_is_what_the_rate_needs() -> None:
    meter = Meter(TestClock(), messages=10, size=1000)
    pauses = [meter.take(1) for _ in range(60)]
    assert pauses[-1] == 1.0


def test_time_that_passes_pays_the_debt() -> None:
    clock = TestClock()
    meter = Meter(clock, messages=10, size=1000)
    for _ in range(60):
        meter.take(1)
    clock.seconds = 6.0
    assert meter.take(1) == 0


def test_bytes_count_by_themselves() -> None:
    meter = Meter(TestClock(), messages=1000, size=1000)
    assert meter.take(6000) == 1.0


def test_presence_above_the_rate_is_dropped_and_edits_do_not_wait_for_it() -> None:
    clock = TestClock()
    meter = Meter(clock, messages=10, size=1000)
    assert [meter.lets_presence_pass(1) for _ in range(51)] == [True] * 50 + [False]
    assert meter.take(1) == 0
    clock.seconds = 6.0
    assert meter.lets_presence_pass(1)


def test_presence_is_metered_by_its_bytes_too() -> None:
    meter = Meter(TestClock(), messages=1000, size=1000)
    assert meter.lets_presence_pass(5000)
    assert not meter.lets_presence_pass(1)


def test_a_message_that_keeps_the_loop_busy_is_followed_by_a_rest_of_four_times_as_long() -> None:
    clock = TestClock()
    meter = Meter(clock, messages=1000, size=1000)
    clock.seconds = 0.5
    assert meter.rest_after(0.0) == 2.0
    assert meter.rest_after(0.495) == 0.0
