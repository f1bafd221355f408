"""GET /performance/metrics/{id} and its charts, over samples that were really stored."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from persistence.samples import SampleRow
from persistence.tables.alerts import thresholds
from server.sources.metrics import SUMMARY
from tests.server.performance.alerts.stage import judged
from tests.server.performance.test_monitoring import Stage, stage

__all__ = ["stage"]

READERS = ("overall_score", "metrics", "alerts", "trends", "recommendations")


class Scene:
    """A source with two samples: one of now, one of a whole range ago."""

    def __init__(self, stage: Stage, source: int, now: datetime) -> None:
        self.stage, self.source, self.now = stage, source, now

    async def metrics(self, query: str = "?time_range=1h") -> dict[str, Any]:
        response = await self.stage.place.admin.get(f"/performance/metrics/{self.source}{query}")
        assert response.status_code == 200, response.text
        found: dict[str, Any] = response.json()
        return found

    async def put(self, ago: timedelta, state: str = "up", **readings: float) -> None:
        reason = None if state == "up" else "It does not answer."
        row = SampleRow(self.source, self.now - ago, state, 0.1, readings, {"wal_bytes": "There is none."}, reason)
        assert await self.stage.place.house.performance.samples.push(row)

    async def threshold(self, metric: str, operator: str, warning: float, critical: float) -> None:
        house, now = self.stage.place.house, self.now
        source = (await house.sources.store.by_ids([self.source]))[self.source]
        row = {
            "id": 1,
            "organisation_id": source.organisation_id,
            "source_id": None,
            "source_key": 0,
            "metric_name": metric,
            "operator": operator,
            "warning": warning,
            "critical": critical,
            "for_seconds": 0,
            "keep_firing_seconds": 0,
            "clear_at": None,
            "labels": {},
            "enabled": True,
            "version": 1,
            "created_by": source.created_by,
            "created_at": now,
            "updated_at": now,
        }
        await house.database.write(lambda connection: connection.execute(thresholds.insert().values(row)))


@pytest.fixture
async def scene(stage: Stage) -> Scene:
    house = stage.place.house
    await house.performance.sampler.stop()
    source = await stage.source()
    await stage.start(source, interval=60)
    scene = Scene(stage, source, house.performance.clock.now())
    await scene.put(timedelta(minutes=90), database_size=100, disk_usage=50)
    await scene.put(timedelta(seconds=5), database_size=150, disk_usage=50, response_time=2)
    return scene


async def test_all_three_readers_of_the_contract_find_the_same_figures(scene: Scene) -> None:
    await scene.threshold("disk_usage", "gt", 45, 55)
    body = await scene.metrics()
    assert {name: body[name] for name in READERS} == {name: body["data"][name] for name in READERS}
    flat = {"disk_usage": 50, "response_time": 2}
    assert body["data"]["data"] == flat
    assert {name: body["data"][name] for name in SUMMARY if name in body["data"]} == flat
    figures = {each["metric_type"]: each for each in body["metrics"]}
    size, disk = figures["database_size"], figures["disk_usage"]
    assert (size["value"], size["unit"], size["status"], size["threshold"]) == (150, "B", "unknown", None)
    assert (size["trend"], size["previous_value"], size["change_percentage"]) == ("increasing", 100, 50)
    assert (disk["trend"], disk["status"], disk["threshold"]) == ("stable", "warning", 45)
    assert body["overall_score"] == 40, "half of the way from warning to critical"
    assert body["trends"]["database_size"] == {
        "direction": "increasing",
        "value": 150,
        "previous_value": 100,
        "change_percentage": 50,
    }


async def test_live_alerts_stand_beside_the_figures(scene: Scene) -> None:
    await scene.threshold("disk_usage", "gt", 45, 55)
    at = scene.now + timedelta(seconds=1)
    await judged(scene.stage.place.house, SampleRow(scene.source, at, "up", 0.1, {"disk_usage": 60.0}, {}, None))
    [alert] = (await scene.metrics())["alerts"]
    assert (alert["severity"], alert["status"], alert["data_source_id"]) == ("critical", "open", scene.source)


async def test_what_is_not_known_is_left_out_and_has_its_reason(scene: Scene) -> None:
    why = {each["metric"]: each["reason"] for each in (await scene.metrics())["data"]["unavailable"]}
    assert "no process of its own" in why["cpu_usage"]
    assert why["wal_bytes"] == "There is none."
    assert "threshold" in why["overall_score"]
    assert why["free_pages_bytes"] == "The last samples do not have it."
    assert "database_size" not in why
    await scene.put(timedelta(0), "down", up=0)
    later = await scene.metrics()
    assert [each["metric_type"] for each in later["metrics"]] == ["up"], "what it was is not what it is"
    assert later["data"]["data"] == {}


async def test_a_source_that_nobody_samples_says_so(stage: Stage) -> None:
    source = await stage.source("Quiet")
    body = (await stage.place.admin.get(f"/performance/metrics/{source}")).json()
    assert (body["metrics"], body["overall_score"], body["data"]["data"]) == ([], None, {})
    reasons = {each["metric"]: each["reason"] for each in body["data"]["unavailable"]}
    assert "start its monitoring" in reasons["database_size"]


async def test_metrics_are_picked_under_either_name(scene: Scene) -> None:
    body = await scene.metrics("?metric_types=disk,database_size&metric_types=cpu&time_range=")
    assert [each["metric_type"] for each in body["metrics"]] == ["disk_usage", "database_size"]
    assert [each["metric"] for each in body["data"]["unavailable"]] == ["cpu_usage", "overall_score"]


async def test_a_chart_has_the_points_of_its_time(scene: Scene) -> None:
    admin = scene.stage.place.admin
    path = f"/performance/metrics/{scene.source}/series"
    body = (await admin.get(path + "?time_range=6h&metric_types=database_size")).json()["data"]
    assert (body["step_seconds"], body["samples"], body["up"]) == (30, 2, 2)
    [line] = body["series"]
    assert (line["metric"], line["unit"]) == ("database_size", "B")
    assert [point[1:] for point in line["points"]] == [[100, 100, 100, 1], [150, 150, 150, 1]]
    assert 0 <= scene.now.timestamp() * 1000 - 5000 - line["points"][1][0] < 30_000
    hour = (await admin.get(path + "?time_range=1h")).json()["data"]
    assert {each["metric"] for each in hour["series"]} == {"database_size", "disk_usage", "response_time"}
    assert all(len(each["points"]) == 1 for each in hour["series"])


async def test_what_did_not_change_is_not_sent_again(scene: Scene) -> None:
    admin, path = scene.stage.place.admin, f"/performance/metrics/{scene.source}?time_range=7d"
    first = await admin.get(path)
    again = await admin.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("query", "field"), [("?time_range=2h", "time_range"), ("?metric_types=nonsense", "metric_types")]
)
@pytest.mark.parametrize("tail", ["", "/series"])
async def test_what_is_wrong_is_named(scene: Scene, query: str, field: str, tail: str) -> None:
    admin = scene.stage.place.admin
    refused = await admin.get(f"/performance/metrics/{scene.source}{tail}{query}")
    assert (refused.status_code, refused.json()["details"][0]["field"]) == (422, field)
    assert (await admin.get(f"/performance/metrics/{scene.source + 1}{tail}")).status_code == 404
    assert (await admin.get(f"/performance/metrics/x{tail}")).status_code == 422
