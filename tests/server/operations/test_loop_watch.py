"""Every beat is one count of the histogram; what was late enough is told apart, with the processor's time."""

from datetime import UTC, datetime

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from server.operations.figures import FiguresCollector
from server.operations.health import loop_check, loop_note
from server.operations.loop_watch import BEAT_SECONDS, BUCKETS, LoopWatch
from server.realtime.figures import Figures

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Hands:
    """A clock and a processor's clock that stand where they are put."""

    def __init__(self) -> None:
        self.seconds = 100.0
        self.cpu = 5.0

    def now(self) -> datetime:
        return NOON

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def watch(hands: Hands) -> LoopWatch:
    return LoopWatch(hands, slow_seconds=0.1, stall_seconds=1.0, cpu_seconds=lambda: hands.cpu)


def test_a_beat_is_counted_in_the_first_bucket_that_holds_it(watch: LoopWatch) -> None:
    for late in (0.0, 0.0009, 0.0011, 0.3, 9.9, 11.0):
        watch.note(BEAT_SECONDS + late)
    counted = dict(zip([*BUCKETS, None], watch.beats, strict=True))
    assert {bound for bound, count in counted.items() if count} == {0.001, 0.0025, 0.5, 10.0, None}
    assert watch.late_seconds == pytest.approx(21.202)


def test_a_timer_that_fires_early_is_in_time(watch: LoopWatch) -> None:
    watch.note(BEAT_SECONDS - 0.01)
    assert (watch.beats[0], watch.late_seconds, watch.worst) == (1, 0.0, 0.0)


def test_slow_and_stalled_are_told_apart(watch: LoopWatch, hands: Hands) -> None:
    watch.note(BEAT_SECONDS + 0.1)
    assert (watch.slow, watch.stalls) == (0, 0)
    watch.note(BEAT_SECONDS + 0.2)
    assert (watch.slow, watch.stalls) == (1, 0)
    hands.cpu += 0.5
    watch.note(BEAT_SECONDS + 2.0)
    assert (watch.slow, watch.stalls) == (2, 1)
    assert watch.latest_stall is watch.latest
    assert watch.latest_stall is not None
    assert (watch.latest_stall.seconds, watch.latest_stall.cpu_seconds) == pytest.approx((2.0, 0.5))


async def test_readiness_tells_a_late_loop_until_it_is_forgotten_and_a_stall_for_ever(watch: LoopWatch) -> None:
    check, note = loop_check(watch), loop_note(watch)
    assert (await check(), note()) == (None, None)
    watch.note(BEAT_SECONDS + 1.5)
    assert await check() == "the event loop was 1.5 s late in the last ten seconds"
    for _ in range(40):
        watch.note(BEAT_SECONDS)
    assert await check() is None
    assert note() == "stood still 1 times since the start; the last time for 1.5 s, until 2026-11-23T12:00:00+00:00"


async def test_the_loop_beats_and_stops(hands: Hands) -> None:
    watch = LoopWatch(hands, slow_seconds=0.1, stall_seconds=1.0, cpu_seconds=lambda: hands.cpu)
    watch.start()
    hands.seconds += BEAT_SECONDS + 0.02
    hands.cpu += 0.01
    watch._beat()
    watch.stop()
    assert watch.beat_at == hands.seconds
    assert watch.beats[BUCKETS.index(0.025)] == 1
    assert watch.cpu_seconds == pytest.approx(0.01)


def test_prometheus_reads_a_cumulative_histogram(watch: LoopWatch) -> None:
    class NoRooms:
        hosts = ()
        writer = type("Writer", (), {"pending_bytes": 0})

    registry = CollectorRegistry()
    registry.register(FiguresCollector(Figures(), NoRooms(), watch))  # type: ignore[arg-type]
    for late in (0.0, 0.2, 20.0):
        watch.note(BEAT_SECONDS + late)
    text = generate_latest(registry).decode()
    assert 'counterpoint_loop_lag_seconds_bucket{le="0.001"} 1.0' in text
    assert 'counterpoint_loop_lag_seconds_bucket{le="0.25"} 2.0' in text
    assert 'counterpoint_loop_lag_seconds_bucket{le="+Inf"} 3.0' in text
    assert "counterpoint_loop_lag_seconds_count 3.0" in text
    assert "counterpoint_loop_slow_total 2.0" in text
    assert "counterpoint_loop_stalls_total 1.0" in text
