"""A node measures itself, and whoever asks how the system is reads that."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import CollectorRegistry, Counter, Histogram

from server.operations.health import Health
from server.operations.self_watch import SelfWatch
from tests.server.realtime.feed.test_presence import Time
from tests.server.support import Place, served


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    async with served(tmp_path) as place:
        yield place


def watching(tmp_path: Path, **checks: Any) -> tuple[SelfWatch, Time, Counter, Histogram]:
    registry, time = CollectorRegistry(), Time()
    requests = Counter("requests", "x", ["method", "route", "status"], registry=registry)
    seconds = Histogram("seconds", "x", ["method", "route"], registry=registry)
    watch = SelfWatch(Health(checks), (requests, seconds), lambda: {"loop": {"worst_ms": 1.5}}, tmp_path, time)
    return watch, time, requests, seconds


async def test_requests_are_those_since_the_last_measurement(tmp_path: Path) -> None:
    watch, time, requests, seconds = watching(tmp_path)
    requests.labels("GET", "/a", "200").inc(1_000)
    await watch.measure()
    assert watch.latest is not None
    assert watch.latest.numbers["requests"] == {}
    time.passes(10)
    requests.labels("GET", "/a", "200").inc(15)
    requests.labels("GET", "/b", "503").inc(5)
    for _ in range(20):
        seconds.labels("GET", "/a").observe(0.002)
    await watch.measure()
    assert watch.latest.numbers["requests"] == {"throughput": 2, "response_time": 2, "error_rate": 25}
    time.passes(10)
    await watch.measure()
    assert watch.latest.numbers["requests"] == {"throughput": 0}, "of no request there is no time"
    machine = watch.latest.numbers["machine"]
    assert 0 < machine["memory_usage"] < 100
    assert machine["resident_bytes"] > 1 << 20


async def test_what_a_check_finds_is_told(tmp_path: Path) -> None:
    async def fails() -> str:
        return "It is gone."

    watch, *_ = watching(tmp_path, store=fails)
    await watch.measure()
    assert watch.latest is not None
    assert [(each.name, each.reason) for each in watch.latest.findings] == [("store", "It is gone.")]


@pytest.mark.parametrize("path", ["/performance/system/health", "/health/system"])
async def test_everybody_is_told_how_the_system_is(place: Place, path: str) -> None:
    house_watch = place.app.state.system_health._watch
    await house_watch.measure()
    body = (await place.admin.get(path)).json()
    report = body.get("data", body)
    assert report["overall_score"] == report["score"]
    assert {each["component"] for each in report["components"]} == {"Store", "Log of edits", "Event loop", "Machine"}
    assert all(each["last_check"] for each in report["components"])
    assert report["coverage"] == 100
    assert {"cpu_usage", "memory_usage", "disk_usage"} <= set(report["performance_summary"])
    assert report["uptime"] >= 0
    assert report["alerts"] == {}
