"""The vigil sees each state once and a stall at growing intervals; the thread tells where the loop is."""

import logging
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime

import pytest

from server.operations.loop_watch import BEAT_SECONDS, LoopWatch
from server.operations.watchdog import Sight, Vigil, Watchdog

SLOW, STALL = 0.1, 1.0


class Hands:
    def __init__(self) -> None:
        self.seconds = 100.0

    def now(self) -> datetime:
        return datetime(2026, 11, 23, tzinfo=UTC)

    def monotonic(self) -> float:
        return self.seconds


class Bell:
    """An alarm that only remembers."""

    def __init__(self) -> None:
        self.wound_up: list[float] = []
        self.stopped = False

    def wind_up(self, seconds: float) -> None:
        self.wound_up.append(seconds)

    def stop(self) -> None:
        self.stopped = True


def vigil() -> Vigil:
    return Vigil(0.0, slow_seconds=SLOW, stall_seconds=STALL)


def test_a_loop_that_moves_is_fine_however_long_it_is_watched() -> None:
    watched, beat = vigil(), 0.0
    for _ in range(100):
        now = watched.due
        beat += BEAT_SECONDS
        assert watched.look(beat, now) is Sight.FINE
    assert watched.due == pytest.approx(beat + BEAT_SECONDS + SLOW)


def test_a_held_loop_is_seen_when_its_beat_is_overdue_by_the_limit_and_once() -> None:
    watched = vigil()
    assert watched.look(0.0, watched.due - 0.001) is Sight.FINE
    assert watched.look(0.0, watched.due) is Sight.SLOW
    assert watched.look(0.0, 0.5) is Sight.FINE


def test_a_stall_is_told_again_after_twice_the_time() -> None:
    watched, told = vigil(), []
    now = 0.0
    while now < 40:
        now = watched.due
        if watched.look(0.0, now) is Sight.STALLED:
            told.append(round(now - BEAT_SECONDS, 3))
    assert told == [1, 2, 4, 8, 16, 32, 64]


def test_a_look_that_comes_late_itself_tells_a_stall_once() -> None:
    watched = vigil()
    assert watched.look(0.0, 10.0) is Sight.STALLED
    assert watched.look(0.0, 10.1) is Sight.FINE
    assert watched.due == pytest.approx(16.0 + BEAT_SECONDS)


def test_a_loop_that_moved_begins_anew() -> None:
    watched = vigil()
    watched.look(0.0, 10.0)
    assert watched.look(10.0, 10.0) is Sight.FINE
    assert watched.look(10.0, 10.0 + BEAT_SECONDS + SLOW) is Sight.SLOW
    assert watched.look(10.0, 10.0 + BEAT_SECONDS + STALL) is Sight.STALLED


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def watch(hands: Hands) -> LoopWatch:
    return LoopWatch(hands, slow_seconds=SLOW, stall_seconds=STALL, cpu_seconds=lambda: hands.seconds)


async def test_what_held_the_loop_is_logged_when_it_lets_go(
    watch: LoopWatch, hands: Hands, caplog: pytest.LogCaptureFixture
) -> None:
    dog = Watchdog(watch, hands, Bell())
    began = hands.seconds
    hands.seconds += BEAT_SECONDS + 0.15
    dog.look()
    assert not caplog.records
    hands.seconds += 0.1
    watch.note(hands.seconds - began)
    watch.beat_at = hands.seconds
    with caplog.at_level(logging.WARNING):
        dog.look()
    (entry,) = caplog.records
    assert entry.getMessage() == "the event loop was held"
    assert entry.__dict__["milliseconds"] == 250
    assert entry.__dict__["left_out_before"] == 0


async def test_one_handler_is_not_logged_again_and_again(
    watch: LoopWatch, hands: Hands, caplog: pytest.LogCaptureFixture
) -> None:
    dog = Watchdog(watch, hands, Bell())
    with caplog.at_level(logging.WARNING):
        for _ in range(50):
            began = hands.seconds
            hands.seconds += BEAT_SECONDS + 0.2
            dog.look()
            watch.note(hands.seconds - began)
            watch.beat_at = hands.seconds
            dog.look()
    assert len(caplog.records) == 3
    assert watch.slow == 50


async def test_a_stall_is_logged_with_every_thread_and_no_value(
    watch: LoopWatch, hands: Hands, caplog: pytest.LogCaptureFixture
) -> None:
    release, waiting = threading.Event(), threading.Event()

    def wait_with_a_secret(password: str) -> None:
        assert password
        waiting.set()
        release.wait()

    other = threading.Thread(target=wait_with_a_secret, args=("SESAME",), name="a bystander")
    other.start()
    waiting.wait()
    dog = Watchdog(watch, hands, Bell())
    hands.seconds += BEAT_SECONDS + STALL
    with caplog.at_level(logging.ERROR):
        dog.look()
        dog.look()
    release.set()
    other.join()
    (entry,) = caplog.records
    assert entry.getMessage() == "the event loop stands still"
    assert "thread a bystander\n" in entry.__dict__["threads"]
    assert "wait_with_a_secret" in entry.__dict__["threads"]
    assert "SESAME" not in str(entry.__dict__)


def test_the_alarm_is_wound_up_once_in_a_stalls_time(watch: LoopWatch, hands: Hands) -> None:
    bell = Bell()
    dog = Watchdog(watch, hands, bell)
    for _ in range(25):
        dog.look()
        hands.seconds += 0.1
        watch.beat_at = hands.seconds
    assert len(bell.wound_up) == 3
    assert min(bell.wound_up) > STALL


async def test_the_thread_ends_with_the_watch(watch: LoopWatch, hands: Hands) -> None:
    bell = Bell()
    dog = Watchdog(watch, hands, bell)
    dog.start()
    dog.stop()
    assert bell.stopped
    assert "watchdog" not in {thread.name for thread in threading.enumerate()}


RUNS_ON = """
import time
from server.operations.watchdog import FaultAlarm

def come_and_go():
    for levels in (3, 30, 300):
        exec(compile("def f(n):\\n    return n and f(n - 1)\\nf(%d)" % levels, "x" * 200, "exec"), {})

alarm, end = FaultAlarm(), time.monotonic() + 0.4
while time.monotonic() < end:
    alarm.wind_up(0.002)
    went_off = time.monotonic() + 0.005
    while time.monotonic() < went_off:
        come_and_go()
alarm.stop()
print("lives")
"""


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there is no such timer here")
def test_an_alarm_that_goes_off_in_a_process_that_runs_on_writes_its_stack_and_does_not_kill_it() -> None:
    """As in one that was frozen and is thawed."""
    done = subprocess.run([sys.executable, "-c", RUNS_ON], capture_output=True, text=True, timeout=20, check=False)
    assert (done.returncode, done.stdout) == (0, "lives\n")
    assert "most recent call first" in done.stderr
