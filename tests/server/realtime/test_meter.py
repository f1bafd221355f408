"""The meter: a burst is free, what is above the rate is a pause."""

import pytest

from server.realtime.meter import LoopShares, Meter


def test_a_burst_of_five_seconds_worth_costs_no_pause() -> None:
    meter = Meter(0.0, messages=10, size=1000)
    assert max(meter.take(1, 0.0) for _ in range(50)) <= 0


def test_above_the_burst_the_pause_is_what_the_rate_needs() -> None:
    meter = Meter(0.0, messages=10, size=1000)
    pauses = [meter.take(1, 0.0) for _ in range(60)]
    assert pauses[-1] == 1.0


def test_time_that_passes_pays_the_debt() -> None:
    meter = Meter(0.0, messages=10, size=1000)
    for _ in range(60):
        meter.take(1, 0.0)
    assert meter.take(1, 6.0) == 0


def test_many_commands_in_one_message_count_as_many() -> None:
    assert Meter(0.0, messages=10, size=1000).take(1, 0.0, 60) == 1.0


def test_bytes_count_by_themselves() -> None:
    meter = Meter(0.0, messages=1000, size=1000)
    assert meter.take(6000, 0.0) == 1.0
    assert meter.take(1000, 2.0) == 0


def test_presence_above_the_rate_is_dropped_and_edits_do_not_wait_for_it() -> None:
    meter = Meter(0.0, messages=10, size=1000)
    assert [meter.lets_presence_pass(1, 0.0) for _ in range(51)] == [True] * 50 + [False]
    assert meter.take(1, 0.0) == 0
    assert meter.lets_presence_pass(1, 6.0)


def test_presence_is_metered_by_its_bytes_too() -> None:
    meter = Meter(0.0, messages=1000, size=1000)
    assert meter.lets_presence_pass(5000, 0.0)
    assert not meter.lets_presence_pass(1, 0.0)


def test_a_message_that_keeps_the_loop_busy_is_followed_by_a_rest_of_four_times_as_long() -> None:
    meter = Meter(0.0, messages=1000, size=1000)
    assert meter.rest_after(0.5, "ada", 10.0) == 2.0
    assert meter.rest_after(0.005, "ada", 10.0) == 0.0


def test_all_sockets_of_a_user_share_a_fifth_of_the_loop_and_others_have_their_own() -> None:
    shares = LoopShares()
    sockets = [Meter(0.0, messages=1000, size=1000, shares=shares) for _ in range(50)]
    rests = [meter.rest_after(0.1, "eve", 10.0) for meter in sockets]
    assert rests == pytest.approx([0.4 * number for number in range(1, 51)])
    assert sockets[0].rest_after(0.1, "ada", 10.0) == pytest.approx(0.4)
    assert sockets[0].rest_after(0.1, "eve", 100.0) == pytest.approx(0.4), "in time all is paid off"
    assert len(shares) == 1, "who owes nothing is forgotten"


def test_frames_in_vain_have_four_times_the_rate_and_then_cost_a_pause() -> None:
    meter = Meter(0.0, messages=10, size=1000)
    assert meter.pass_over(200, 0, 0.0) == 0
    assert meter.pass_over(40, 0, 0.0) == 1.0
    assert meter.take(1, 0.0) == 0, "edits are counted by themselves"
    assert meter.pass_over(1, 24_000, 100.0) == 1.0, "bytes count too"
