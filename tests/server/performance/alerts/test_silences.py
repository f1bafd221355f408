"""Silences: nobody is called while one lasts, and what still holds when it is over is told then."""

from datetime import timedelta
from typing import Any

import pytest

from server.events.alerts import AlertOpened, AlertUnmuted
from tests.server.performance.alerts.stage import Scene

PATH = "/performance/silences"


def body(scene: Scene, **fields: Any) -> dict[str, Any]:
    ends_at = (scene.now + timedelta(hours=1)).isoformat()
    return {"matchers": [{"name": "source", "value": "Orders"}], "comment": "Moving.", "ends_at": ends_at, **fields}


async def begun(scene: Scene, **fields: Any) -> dict[str, Any]:
    answer = await scene.place.admin.post(PATH, body(scene, **fields))
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()["data"]
    return found


async def inbox(scene: Scene) -> list[str]:
    await scene.place.house.events.consumers.settled()
    items = (await scene.place.admin.get("/notifications")).json()["data"]["items"]
    return [each["subject"] for each in items if each["kind"] == "alert"]


async def test_an_alert_under_a_silence_is_listed_and_calls_nobody_until_it_is_over(scene: Scene) -> None:
    await scene.threshold()
    silence = await begun(scene)
    await scene.measured(60, database_size=95)
    alert = await scene.alert()
    assert alert["muted_by"] == silence["id"]
    assert await inbox(scene) == []
    for _ in range(2):
        ended = await scene.place.admin.ask("DELETE", f"{PATH}/{silence['id']}")
        assert ended.json()["data"]["ended_at"]
    assert (await scene.alert())["muted_by"] is None
    assert await inbox(scene) == [f"alert/{alert['id']}"]
    assert [type(each.event) for each in await scene.told()] == [AlertOpened, AlertUnmuted]


async def test_what_is_live_already_is_quiet_from_then_on_and_a_silence_of_one_ends_with_it(scene: Scene) -> None:
    await scene.threshold()
    await scene.measured(0, database_size=95)
    alert = await scene.alert()
    silence = await begun(scene, matchers=[], alert_id=alert["id"])
    muted = await scene.alert()
    assert (muted["muted_by"], muted["entries"][-1]["kind"]) == (silence["id"], "muted")
    await scene.says(alert["id"], "resolve", {"resolution": "Done."})
    admin = scene.place.admin
    assert (await admin.get(PATH)).json()["data"] == []
    [over] = (await admin.get(PATH + "?over=true")).json()["data"]
    assert (over["id"], bool(over["ended_at"])) == (silence["id"], True)
    assert (await admin.post(PATH, body(scene, alert_id=alert["id"]))).status_code == 409
    assert (await admin.post(PATH, body(scene, alert_id=999))).status_code == 404


async def test_one_that_is_to_come_mutes_nothing_yet(scene: Scene) -> None:
    await scene.threshold()
    later = (scene.now + timedelta(minutes=30)).isoformat()
    silence = await begun(scene, starts_at=later)
    await scene.measured(0, database_size=95)
    assert (await scene.alert())["muted_by"] is None
    assert [each["id"] for each in (await scene.place.admin.get(PATH)).json()["data"]] == [silence["id"]]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"ends_at": "2020-01-01T00:00:00Z"}, "ends_at"),
        ({"ends_at": "2100-01-01T00:00:00Z"}, "ends_at"),
        ({"ends_at": "2026-01-01T00:00:00"}, "ends_at"),
        ({"matchers": []}, "matchers"),
        ({"matchers": [{"name": "source", "value": "(a+)+", "isRegex": True}]}, "matchers"),
        ({"comment": " "}, "comment"),
    ],
)
async def test_what_is_wrong_is_named(scene: Scene, fields: dict[str, Any], field: str) -> None:
    answer = await scene.place.admin.post(PATH, body(scene, **fields))
    assert answer.status_code == 422, answer.text
    assert answer.json()["details"][0]["field"].split(".")[0].split("[")[0] == field
    assert (await scene.place.admin.ask("DELETE", PATH + "/" + "0" * 32)).status_code == 404
