"""How the system is: of what was measured, and no more."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from server.operations.health import Finding
from server.operations.self_watch import Measured
from tests.server.support import Place, served

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
WELL = {"cpu_usage": 10.0, "memory_usage": 20.0, "disk_usage": 30.0, "resident_bytes": 1e8}


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    async with served(tmp_path) as place:
        yield place


def measured(*findings: Finding, worst_ms: float = 1.0, **machine: float) -> Measured:
    known = findings or tuple(Finding(name, None) for name in ("store", "log", "loop"))
    return Measured(NOON, known, {"loop": {"worst_ms": worst_ms}, "machine": WELL | machine, "requests": {}})


async def report(place: Place, latest: Measured | None, query: str = "") -> dict[str, Any]:
    system = place.app.state.system_health
    await system._watch.stop()
    system._watch.latest = latest
    answer = await place.admin.get("/performance/system/health" + query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["data"]
    return found


async def test_before_the_first_measurement_nothing_is_known(place: Place) -> None:
    found = await report(place, None)
    assert (found["overall_score"], found["status"], found["coverage"], found["components"]) == (None, "unknown", 0, [])
    assert (found["last_updated"], found["performance_summary"]) == (None, {})


@pytest.mark.parametrize(
    ("latest", "status", "score"),
    [
        (measured(), "healthy", 100),
        (measured(Finding("store", "It is gone."), Finding("log", None)), "critical", 57.1),
        (measured(worst_ms=150), "warning", 88.9),
        (measured(disk_usage=91.0), "warning", 94.4),
        (measured(memory_usage=98.0), "warning", 88.9),
    ],
    ids=["well", "no store", "late loop", "full disk", "no memory"],
)
async def test_the_score_is_of_the_weights(place: Place, latest: Measured, status: str, score: float) -> None:
    found = await report(place, latest)
    assert (found["status"], found["overall_score"]) == (status, score)


async def test_sources_count_together_and_each_is_there_when_it_is_asked_for(place: Place) -> None:
    for name in ("One", "Two"):
        body = {"name": name, "source_type": "http", "host": "https://example.org/"}
        assert (await place.admin.post("/scan/data-sources", body)).status_code == 201
    found = await report(place, measured(), "?include_detailed=true")
    parts = {each["component"]: each for each in found["components"]}
    assert (parts["Data sources"]["status"], parts["One"]["status"]) == ("unknown", "unknown")
    assert (found["overall_score"], found["coverage"]) == (100, 81.8)
    assert "Two" not in {each["component"] for each in (await report(place, measured()))["components"]}
