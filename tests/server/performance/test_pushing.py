"""Samples of others are stored, judged, shown and told as our own."""

from datetime import timedelta
from typing import Any

import pytest

from tests.server.performance.alerts.conftest import scene
from tests.server.performance.alerts.stage import Scene

__all__ = ["scene"]

PATH = "/performance/metrics"


async def push(scene: Scene, status: int = 201, **fields: Any) -> dict[str, Any]:
    answer = await scene.place.admin.post(PATH, {"data_source_id": scene.source, **fields})
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json().get("data", answer.json())
    return found


async def test_a_pushed_sample_is_a_figure_a_point_of_a_chart_and_a_reason_for_an_alert(scene: Scene) -> None:
    await scene.threshold("custom.queue_depth", warning_threshold=10, critical_threshold=20)
    taken = await push(scene, metrics={"custom.queue_depth": 15, "cpu_usage": 50.5})
    assert (taken["data_source_id"], taken["metrics"]) == (scene.source, 2)
    body = (await scene.place.admin.get(f"{PATH}/{scene.source}?time_range=1h")).json()
    figures = {each["metric_type"]: each for each in body["metrics"]}
    assert (figures["custom.queue_depth"]["value"], figures["custom.queue_depth"]["status"]) == (15, "warning")
    assert body["data"]["cpu_usage"] == 50.5
    chart = (await scene.place.admin.get(f"{PATH}/{scene.source}/series?time_range=1h")).json()["data"]
    assert {each["metric"]: each["points"][0][1] for each in chart["series"]}["custom.queue_depth"] == 15
    [alert] = await scene.alerts()
    assert (alert["severity"], alert["title"]) == ("warning", "Queue depth of Orders: 15, above 10")


async def test_a_source_that_nobody_samples_is_pushed_to_and_rolled_up(scene: Scene) -> None:
    body = {"name": "Batch", "source_type": "http", "host": "https://example.org/"}
    scene.source = (await scene.place.admin.post("/scan/data-sources", body)).json()["id"]
    for depth in (1, 2):
        await push(scene, metrics={"custom.depth": depth})
    monitors = (await scene.place.admin.get("/performance/monitors")).json()["data"]
    [monitor] = [each for each in monitors if each["data_source_id"] == scene.source]
    assert (monitor["status"], monitor["samples_taken"], monitor["next_sample_at"]) == ("pushed", 2, None)
    assert scene.source in await scene.place.house.performance.monitors.to_roll_up()
    assert (await scene.place.admin.get(f"/scan/data-sources/{scene.source}")).json()["status"] == "pending"


async def test_a_moment_is_pushed_once(scene: Scene) -> None:
    at = (scene.now - timedelta(seconds=30)).isoformat()
    assert (await push(scene, metrics={"custom.depth": 1}, at=at))["at"]
    await push(scene, 409, metrics={"custom.depth": 2}, at=at)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"metrics": {}}, "metrics"),
        ({"metrics": {"depth": 1}}, "metrics"),
        ({"metrics": {"custom.depth": "NaN"}}, "metrics"),
        ({"metrics": {"custom.depth": 1}, "at": "2020-01-01T00:00:00Z"}, "at"),
        ({"metrics": {"custom.depth": 1}, "at": "2100-01-01T00:00:00"}, "at"),
    ],
)
async def test_what_is_wrong_is_named(scene: Scene, fields: dict[str, Any], field: str) -> None:
    refused = await push(scene, 422, **fields)
    assert refused["details"][0]["field"].split(".")[0] == field
    await push(scene, 404, data_source_id=999, metrics={"custom.depth": 1})
    viewer = await scene.place.colleague("eve@example.org", role="viewer")
    body = {"data_source_id": scene.source, "metrics": {"custom.depth": 1}}
    assert (await viewer.post(PATH, body)).status_code == 403
