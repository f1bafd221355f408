"""A report says what was measured, how much of it there is, and what has changed; and it can be taken along."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest

from persistence.samples import SampleRow
from tests.server.performance.alerts.conftest import scene
from tests.server.performance.alerts.stage import Scene

__all__ = ["scene"]

PATH = "/performance/reports/summary"


async def measured(scene: Scene) -> None:
    """Two samples of the hour, one of them failed, and one of the hour before."""
    for minutes, state, size in ((90, "up", 100.0), (30, "up", 150.0), (10, "down", 0.0)):
        readings = {"database_size": size} if state == "up" else {"up": 0.0}
        row = SampleRow(scene.source, scene.now - timedelta(minutes=minutes), state, 0.1, readings, {}, None)
        assert await scene.place.house.performance.samples.push(row)


async def report(scene: Scene, query: str = "?time_range=1h") -> dict[str, Any]:
    answer = await scene.place.admin.get(PATH + query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["data"]
    return found


async def test_figures_stand_beside_the_time_before_with_how_much_was_measured(scene: Scene) -> None:
    await measured(scene)
    found = await report(scene)
    assert (found["report_type"], found["time_range"], found["data_sources"]) == ("summary", "1h", [scene.source])
    size = next(each for each in found["metrics"] if each["metric"] == "database_size")
    assert (size["mean"], size["min"], size["max"], size["readings"], size["change_percentage"]) == (
        150,
        150,
        150,
        1,
        50,
    )
    [coverage] = found["coverage"]
    assert (coverage["samples"], coverage["availability"]) == (2, 50)
    assert found["insights"] == [
        "Orders answered 50 % of 2 samples.",
        "Size of Orders was 50 % higher than in the 1h before.",
    ]
    assert found["generated_by"]


async def test_what_was_not_measured_is_said_to_be_unknown(scene: Scene) -> None:
    found = await report(scene, f"?data_sources={scene.source}&data_sources=&time_range=30d")
    assert (found["metrics"], found["coverage"][0]["availability"]) == ([], None)
    assert found["insights"] == ["Orders was not measured in this time."]


async def test_it_can_be_taken_along_and_a_name_is_no_formula(scene: Scene) -> None:
    await measured(scene)
    admin = scene.place.admin
    await admin.ask("PATCH", f"/scan/data-sources/{scene.source}", json={"name": "=1+1<b>"})
    answer = await admin.get(PATH + "?time_range=1h&format=csv")
    assert answer.headers["content-type"].startswith("text/csv")
    head, *rows = csv.reader(io.StringIO(answer.text))
    assert head[:3] == ["data_source_id", "data_source_name", "metric"]
    assert {row[1] for row in rows} == {"'=1+1<b>"}
    pdf = await admin.get(PATH + "?time_range=1h&format=pdf")
    assert (pdf.content[:5], pdf.headers["content-type"]) == (b"%PDF-", "application/pdf")
    assert pdf.headers["content-disposition"].startswith('attachment; filename="performance-1h-')


@pytest.mark.parametrize(
    ("query", "field"),
    [("?time_range=2h", "time_range"), ("?data_sources=x", "data_sources"), ("?format=doc", "format")],
)
async def test_what_is_wrong_is_named(scene: Scene, query: str, field: str) -> None:
    refused = await scene.place.admin.get(PATH + query)
    assert (refused.status_code, refused.json()["details"][0]["field"]) == (422, field)
    assert (await scene.place.admin.get(PATH + "?data_sources=999")).status_code == 404
