"""GET /performance/analytics/trends over rollups that were really stored."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from persistence.buckets import COARSE, floored
from persistence.tables.samples import rollups
from persistence.tables.sources import monitors
from tests.server.performance.alerts.conftest import scene
from tests.server.performance.alerts.stage import Scene
from tests.server.performance.trends.series import daily, noise, rising

__all__ = ["scene"]

PATH = "/performance/analytics/trends"
DAYS_30 = 720


async def measured(scene: Scene, **metrics: Any) -> datetime:
    """An hour of rollup for each value, up to now; the answer is where they end."""
    end = floored(scene.now, COARSE)
    length = len(next(iter(metrics.values())))
    rows = []
    for number in range(length):
        readings = {name: [1, *[float(values[number])] * 4] for name, values in metrics.items()}
        at = end - timedelta(hours=length - number)
        rows.append({"source_id": scene.source, "width": COARSE, "at": at, "up": 1, "samples": 1, "readings": readings})
    mark = monitors.update().values(rolled_300=end, rolled_3600=end)

    def work(connection: Any) -> None:
        connection.execute(insert(rollups), rows)
        connection.execute(mark)

    await scene.place.house.database.write(work)
    return end


async def trends(scene: Scene, query: str = "") -> dict[str, dict[str, Any]]:
    answer = await scene.place.admin.get(PATH + query)
    assert answer.status_code == 200, answer.text
    return {each["metric_name"]: each for each in answer.json()["data"]}


async def test_a_disk_that_fills_has_a_direction_a_forecast_and_a_day_on_which_it_is_full(scene: Scene) -> None:
    await scene.threshold("disk_usage", warning_threshold=90, critical_threshold=95)
    full = rising(DAYS_30, 0.05, 50) + noise(DAYS_30, 1, 0.3)
    odd = daily(DAYS_30, 20) + noise(DAYS_30, 2)
    odd[300] = 500
    end = await measured(scene, disk_usage=full, response_time=odd)
    found = await trends(scene, f"?data_source_id={scene.source}")
    disk, response = found["disk_usage"], found["response_time"]
    assert disk["trend_direction"] == "increasing"
    assert disk["change_per_day"] == pytest.approx(1.2, rel=0.05)
    assert (len(disk["time_series"]), len(disk["forecast"])) == (DAYS_30, DAYS_30 // 4)
    assert disk["forecast"][0]["timestamp"] == end.isoformat().replace("+00:00", "Z")
    [warning] = [each for each in disk["crossings"] if each["level"] == "warning"]
    hours = (datetime.fromisoformat(warning["expected"]) - end).total_seconds() / 3600
    assert 60 <= hours <= 160, "the truth is 80"
    assert response["seasonality"]["period_hours"] == 24
    assert len(response["seasonality"]["profile"]) == 24
    [anomaly] = response["anomalies"]
    assert (anomaly["value"], anomaly["score"] > 4, anomaly["expected"] < 130) == (500, True, True)
    assert response["crossings"] == []


async def test_too_little_is_said_to_be_too_little(scene: Scene) -> None:
    await measured(scene, disk_usage=rising(23, 5))
    [found] = (await trends(scene)).values()
    assert (found["trend_direction"], found["forecast"], found["anomalies"]) == ("stable", [], [])
    assert found["seasonality"]["detected"] is False
    assert "23 points" in found["seasonality"]["reason"]


async def test_it_is_made_once_for_each_step_and_anew_for_another_threshold(scene: Scene) -> None:
    await measured(scene, disk_usage=rising(DAYS_30, 0.05, 50))
    service, made = scene.place.house.performance.trends, []
    first = service._made
    service._made = lambda *given: made.append(0) or first(*given)  # type: ignore[method-assign, func-returns-value]
    for _ in range(3):
        await trends(scene, "?metric_types=disk&time_range=30d")
    assert len(made) == 1
    await scene.threshold("disk_usage")
    await trends(scene, "?metric_types=disk&time_range=30d")
    assert len(made) == 2
    assert await trends(scene, "?metric_types=connections") == {}


@pytest.mark.parametrize("query", ["?time_range=2h", "?metric_types=x", "?limit=0", "?data_source_id=x"])
async def test_what_is_wrong_is_refused(scene: Scene, query: str) -> None:
    assert (await scene.place.admin.get(PATH + query)).status_code == 422
    assert (await scene.place.admin.get(PATH + "?data_source_id=999")).status_code == 404
