"""Thresholds over HTTP, in the shapes of the data-sources contract (P6, P7)."""

from typing import Any

import pytest

from tests.server.performance.alerts.stage import Scene

PATH = "/performance/thresholds"
BODY = {"metric_name": "disk", "operator": "gt", "warning_threshold": 80, "critical_threshold": 90}


async def test_a_threshold_is_answered_as_the_contract_has_it(scene: Scene) -> None:
    conditions = [{"type": "for", "value": 30}, {"type": "clear_at", "value": 70}]
    made = await scene.threshold("disk", data_source_id=scene.source, conditions=conditions)
    assert {"id", "metric_name", "operator", "enabled", "created_by", "created_at"} <= set(made)
    assert (made["metric_name"], made["data_source_id"], made["conditions"]) == ("disk_usage", scene.source, conditions)
    assert isinstance(made["id"], int)
    everywhere = await scene.threshold("disk_usage")
    for query, ids in (
        ("", [made["id"], everywhere["id"]]),
        (f"?data_source_id={scene.source}", [made["id"], everywhere["id"]]),
        (f"?after={made['id']}", [everywhere["id"]]),
    ):
        assert [each["id"] for each in (await scene.place.admin.get(PATH + query)).json()["data"]] == ids
    assert (await scene.place.admin.get(PATH + "?data_source_id=999")).status_code == 404


async def test_one_of_a_source_counts_instead_of_that_of_all(scene: Scene) -> None:
    await scene.threshold()
    own = await scene.threshold(data_source_id=scene.source, warning_threshold=200, critical_threshold=300)
    await scene.measured(0, database_size=95)
    assert await scene.alerts() == []
    await scene.place.admin.ask("DELETE", f"{PATH}/{own['id']}")
    await scene.measured(10, database_size=95)
    assert len(await scene.alerts()) == 1


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"metric_name": "cpus"}, "metric_name"),
        ({"metric_name": "cpu_usage", "data_source_id": 1}, "metric_name"),
        ({"operator": "gte"}, "operator"),
        ({"warning_threshold": 95}, "warning_threshold"),
        ({"operator": "lt"}, "warning_threshold"),
        ({"warning_threshold": "NaN"}, "warning_threshold"),
        ({"critical_threshold": "Infinity"}, "critical_threshold"),
        ({"critical_threshold": None}, "critical_threshold"),
        ({"conditions": [{"type": "clear_at", "value": 85}]}, "conditions"),
        ({"operator": "eq", "conditions": [{"type": "clear_at", "value": 85}]}, "conditions"),
        ({"conditions": [{"type": "for", "value": -1}]}, "conditions"),
        ({"conditions": [{"type": "for", "value": 1}, {"type": "for", "value": 2}]}, "conditions"),
        ({"labels": {"no label": "x"}}, "labels"),
    ],
)
async def test_what_is_wrong_is_named(scene: Scene, fields: dict[str, Any], field: str) -> None:
    if "data_source_id" in fields:
        fields = fields | {"data_source_id": scene.source}
    answer = await scene.place.admin.post(PATH, BODY | fields)
    assert answer.status_code == 422, answer.text
    [named] = {each["field"].split(".")[0].split("[")[0] for each in answer.json()["details"]}
    assert named == field


async def test_there_is_one_for_each_metric_source_and_operator_and_a_repeat_under_a_key_is_no_second(
    scene: Scene,
) -> None:
    admin = scene.place.admin
    first = await admin.ask("POST", PATH, json=BODY, headers={"Idempotency-Key": "k"})
    again = await admin.ask("POST", PATH, json=BODY, headers={"Idempotency-Key": "k"})
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    assert (await admin.post(PATH, BODY)).status_code == 409
    assert (await admin.post(PATH, BODY | {"operator": "lt", "critical_threshold": 1})).status_code == 201


async def test_a_change_that_was_overtaken_is_refused(scene: Scene) -> None:
    made, admin = await scene.threshold(), scene.place.admin
    path = f"{PATH}/{made['id']}"
    changed = await admin.ask("PATCH", path, json={"version": 1, "warning_threshold": 50})
    assert (changed.json()["data"]["warning_threshold"], changed.json()["data"]["version"]) == (50, 2)
    late = await admin.ask("PATCH", path, json={"version": 1, "warning_threshold": 60})
    assert (late.status_code, late.json()["details"][0]["field"]) == (409, "version")
    assert (await admin.ask("PATCH", path, json={"warning_threshold": 95})).status_code == 422
    same = await admin.ask("PATCH", path, json={"warning_threshold": 50})
    assert same.json()["data"]["version"] == 2
    assert (await admin.ask("PATCH", f"{PATH}/999", json={"enabled": False})).status_code == 404
