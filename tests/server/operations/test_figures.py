"""Every count of the sockets and the log is on the page, and so is every refusal by door and reason."""

from collections import Counter
from dataclasses import fields
from types import SimpleNamespace

from prometheus_client import CollectorRegistry, generate_latest

from server.clock import SystemClock
from server.operations.figures import COUNTERS, FiguresCollector
from server.operations.loop_watch import LoopWatch
from server.realtime.figures import Figures


def page(figures: Figures, *hosts: object) -> str:
    rooms = SimpleNamespace(hosts=hosts, writer=SimpleNamespace(pending_bytes=7))
    watch = LoopWatch(SystemClock(), slow_seconds=0.1, stall_seconds=1)
    registry = CollectorRegistry()
    registry.register(FiguresCollector(figures, rooms, watch))  # type: ignore[arg-type]
    return generate_latest(registry).decode()


def test_no_count_is_forgotten() -> None:
    counts = {field.name for field in fields(Figures) if field.type in (int, float)}
    assert counts - {"connections"} <= set(COUNTERS)


def test_a_page_of_nothing_is_a_page() -> None:
    text = page(Figures())
    assert "counterpoint_connections_total 0.0" in text
    assert "counterpoint_log_pending_bytes 7.0" in text
    assert "counterpoint_commit_seconds{" not in text, "nothing was measured: nothing is said"


def test_refusals_have_their_door_and_reason() -> None:
    figures = Figures()
    figures.refusals.note("update", "quota", "ada")
    figures.refusals.note("update", "quota", "ada")
    figures.refusals.note("upgrade", "foreign_origin", "192.0.2.1")
    figures.closed[4413] += 1
    text = page(figures)
    assert 'counterpoint_refused_total{door="update",reason="quota"} 2.0' in text
    assert 'counterpoint_refused_total{door="upgrade",reason="foreign_origin"} 1.0' in text
    assert 'counterpoint_closed_total{code="4413"} 1.0' in text


def test_presence_is_counted_over_rooms_that_are_open_and_those_that_were() -> None:
    figures = Figures()
    figures.presence_ignored["clock"] = 2
    rooms = [SimpleNamespace(room=SimpleNamespace(presence_ignored=Counter(clock=count))) for count in (3, 4)]
    assert 'counterpoint_presence_ignored_total{reason="clock"} 9.0' in page(figures, *rooms)


def test_commits_have_quantiles() -> None:
    figures = Figures()
    figures.commit_seconds.extend(number / 100 for number in range(1, 101))
    text = page(figures)
    assert 'counterpoint_commit_seconds{quantile="0.50"} 0.505' in text
    assert 'counterpoint_commit_seconds{quantile="0.99"} 0.99' in text
