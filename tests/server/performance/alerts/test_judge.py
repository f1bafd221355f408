"""From samples to alerts: one for one trouble, over when it is over, and back when the trouble is."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from persistence.tables.alerts import alerts
from persistence.tables.sources import monitors
from tests.server.performance.alerts.stage import ALERTS, Scene


async def test_a_trouble_is_one_alert_with_what_was_measured_and_is_over_when_it_is(scene: Scene) -> None:
    made = await scene.threshold(labels={"team": "blue"})
    await scene.measured(0, database_size=70)
    assert await scene.alerts() == []
    for seconds in (10, 20, 30):
        await scene.measured(seconds, database_size=85)
    alert = await scene.alert()
    assert (alert["status"], alert["severity"], alert["alert_type"]) == ("open", "warning", "threshold")
    assert alert["title"] == "Size of Orders: 85 bytes, above 80 bytes"
    [condition] = alert["conditions"]
    assert (condition["value"], condition["threshold"], condition["threshold_id"]) == (85, 80, made["id"])
    assert {"source:Orders", "metric:database_size", "team:blue"} <= set(alert["tags"])
    await scene.measured(40, database_size=95)
    assert (await scene.alert())["severity"] == "critical"
    await scene.measured(50, database_size=70)
    over = await scene.alert()
    assert (over["status"], over["is_firing"], over["resolved_by"]) == ("resolved", False, None)
    assert [each["kind"] for each in over["entries"]] == ["opened", "raised", "resolved"]
    assert [each.type.split(".")[2] for each in await scene.told()] == ["opened", "raised", "resolved"]
    await scene.measured(60, database_size=85)
    assert [each["status"] for each in await scene.alerts()] == ["open", "resolved"], "it is back, as another one"


async def test_what_somebody_has_resolved_comes_back_only_if_the_trouble_goes_on(scene: Scene) -> None:
    await scene.threshold()
    await scene.measured(0, database_size=85)
    first = await scene.alert()
    resolved = await scene.says(first["id"], "resolve", {"resolution": "Cleaned up."})
    assert (resolved["status"], resolved["is_firing"], resolved["resolution"]) == ("resolved", True, "Cleaned up.")
    assert resolved["resolved_by"]
    await scene.measured(5, database_size=85)
    assert len(await scene.alerts()) == 1, "less than an interval later"
    await scene.measured(20, database_size=85)
    assert [each["status"] for each in await scene.alerts()] == ["open", "resolved"]
    await scene.measured(30, database_size=70)
    assert [each["status"] for each in await scene.alerts()] == ["resolved", "resolved"]


async def test_acknowledge_resolve_and_reopen_may_be_repeated_and_know_their_states(scene: Scene) -> None:
    await scene.threshold()
    await scene.measured(0, database_size=85)
    alert = (await scene.alert())["id"]
    for body in ({"comments": "On it."}, {"user_id": "someone-else"}, None):
        said = await scene.says(alert, "acknowledge", body)
        assert (said["status"], bool(said["acknowledged_by"])) == ("acknowledged", True)
    await scene.measured(10, database_size=85)
    assert (await scene.alert())["status"] == "acknowledged", "what goes on is the same alert"
    for _ in range(2):
        assert (await scene.says(alert, "resolve", {"resolution": "Done."}))["status"] == "resolved"
    await scene.says(alert, "acknowledge", status=409)
    reopened = await scene.says(alert, "reopen", {"comments": "It was not."})
    assert (reopened["status"], reopened["resolved_at"], reopened["acknowledged_by"]) == ("open", None, None)
    assert (await scene.says(alert, "reopen"))["version"] == reopened["version"]
    entries = (await scene.alert())["entries"]
    assert [each["kind"] for each in entries] == ["opened", "acknowledged", "resolved", "reopened"]
    assert entries[1]["text"] == "On it."
    await scene.says(alert, "resolve", {}, status=422)
    await scene.says(alert + 1, "acknowledge", status=404)


async def test_a_closed_alert_and_one_with_a_newer_one_are_not_reopened(scene: Scene) -> None:
    await scene.threshold()
    await scene.measured(0, database_size=85)
    first = (await scene.alert())["id"]
    await scene.measured(10, database_size=70)
    await scene.measured(20, database_size=85)
    await scene.says(first, "reopen", status=409)
    performance = scene.place.house.performance
    old = update(alerts).where(alerts.c.id == first).values(resolved_at=scene.now - timedelta(days=8))
    await scene.place.house.database.write(lambda connection: connection.execute(old))
    await performance.purge()
    assert {each["id"]: each["status"] for each in await scene.alerts()}[first] == "closed"
    await scene.says(first, "reopen", status=409)


async def test_a_source_that_fails_twice_is_one_alert_and_its_answer_ends_it(scene: Scene) -> None:
    await scene.threshold()
    await scene.failed(0, 1)
    assert await scene.alerts() == []
    await scene.failed(10, 2)
    await scene.failed(20, 3)
    alert = await scene.alert()
    assert (alert["alert_type"], alert["severity"], alert["title"]) == (
        "unreachable",
        "critical",
        "Orders does not answer",
    )
    assert "It does not answer." in alert["description"]
    await scene.measured(30, database_size=70)
    assert (await scene.alert())["status"] == "resolved"


async def test_a_metric_that_cannot_be_read_is_an_alert_of_its_own_and_resolves_nothing(scene: Scene) -> None:
    await scene.threshold()
    await scene.threshold("cpu_usage")
    await scene.measured(0, disk_usage=1)
    await scene.measured(59, disk_usage=1)
    assert await scene.alerts() == []
    await scene.measured(60, disk_usage=1)
    alert = await scene.alert()
    assert (alert["alert_type"], alert["severity"]) == ("no_data", "error")
    assert alert["conditions"][0]["metric"] == "database_size", "a SQLite file is not expected to tell its CPU"
    await scene.measured(70, database_size=85)
    assert {each["alert_type"]: each["status"] for each in await scene.alerts()} == {
        "no_data": "resolved",
        "threshold": "open",
    }
    await scene.measured(80, disk_usage=1)
    await scene.measured(500, disk_usage=1)
    live = await scene.alerts("?status=open")
    assert [each["alert_type"] for each in live] == ["threshold"]


async def test_a_source_without_samples_is_noticed_and_one_that_was_removed_is_over(scene: Scene) -> None:
    performance = scene.place.house.performance
    await performance.look_after_alerts()
    assert await scene.alerts() == []
    began = update(monitors).values(started_at=scene.now - timedelta(hours=1))
    await scene.place.house.database.write(lambda connection: connection.execute(began))
    for _ in range(2):
        await performance.look_after_alerts()
    alert = await scene.alert()
    assert (alert["alert_type"], alert["title"]) == ("no_data", "There are no samples of Orders")
    await scene.measured(0, database_size=1)
    assert (await scene.alert())["status"] == "resolved"
    await scene.failed(10, 2)
    await scene.place.admin.ask("DELETE", f"/scan/data-sources/{scene.source}")
    await performance.look_after_alerts()
    assert {each["status"] for each in await scene.alerts()} == {"resolved"}


async def test_troubles_of_one_source_that_begin_together_are_one_cause(scene: Scene) -> None:
    await scene.threshold()
    await scene.threshold("disk_usage")
    await scene.measured(0, database_size=85)
    await scene.measured(10, database_size=85, disk_usage=95)
    second, first = await scene.alerts()
    assert first["correlation_id"] == second["correlation_id"]
    await scene.measured(20, database_size=70, disk_usage=70)
    await scene.measured(1000, database_size=85, disk_usage=70)
    later = (await scene.alerts())[0]
    assert later["correlation_id"] != first["correlation_id"]


async def test_a_threshold_that_is_disabled_or_removed_takes_its_alerts_with_it(scene: Scene) -> None:
    made = await scene.threshold()
    await scene.measured(0, database_size=85)
    admin, path = scene.place.admin, f"/performance/thresholds/{made['id']}"
    assert (await admin.ask("PATCH", path, json={"enabled": False})).status_code == 200
    alert = await scene.alert()
    assert (alert["status"], alert["resolution"]) == ("resolved", "Its threshold was disabled.")
    await scene.measured(10, database_size=85)
    assert len(await scene.alerts()) == 1
    await admin.ask("PATCH", path, json={"enabled": True})
    await scene.measured(30, database_size=85)
    assert [each["status"] for each in await scene.alerts()] == ["open", "resolved"]
    assert (await admin.ask("DELETE", path)).status_code == 204
    assert [each["status"] for each in await scene.alerts()] == ["resolved", "resolved"]
    assert (await admin.ask("DELETE", path)).status_code == 404


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 2),
        ("?severity=all&status=all&days=7", 2),
        ("?severity=&status=", 2),
        ("?severity=warning", 1),
        ("?severity=info", 0),
        ("?status=resolved", 1),
        ("?status=open&severity=critical", 1),
        ("?data_source_id=999", 0),
    ],
)
async def test_alerts_are_picked(scene: Scene, query: str, count: int) -> None:
    await scene.threshold()
    await scene.measured(0, database_size=85)
    await scene.measured(10, database_size=70)
    await scene.measured(20, database_size=95)
    assert len(await scene.alerts(query)) == count


async def test_pages_of_alerts_go_on_behind_one_another(scene: Scene) -> None:
    await scene.threshold()
    for number in range(5):
        await scene.measured(20 * number, database_size=85)
        await scene.measured(20 * number + 10, database_size=70)
    admin, seen, cursor = scene.place.admin, [], ""
    while cursor is not None:
        answer = (await admin.get(f"{ALERTS}?limit=2&cursor={cursor}")).json()
        seen += [each["id"] for each in answer["data"]]
        cursor = answer["next_cursor"]
    assert seen == [each["id"] for each in await scene.alerts()] == sorted(seen, reverse=True)
    assert len(seen) == 5


@pytest.mark.parametrize("query", ["?severity=worst", "?status=gone", "?days=0", "?days=366", "?cursor=%21"])
async def test_what_is_asked_wrongly_is_refused(scene: Scene, query: str) -> None:
    answer = await scene.place.admin.get(ALERTS + query)
    assert answer.status_code == 422
    assert answer.json()["details"][0]["field"] == query[1:].split("=", maxsplit=1)[0]


async def test_others_organisations_and_viewers_cannot_act(scene: Scene) -> None:
    await scene.threshold()
    await scene.measured(0, database_size=85)
    alert = (await scene.alert())["id"]
    viewer = await scene.place.colleague("eve@example.org", role="viewer")
    assert len(await scene.alerts(by=viewer)) == 1
    for word, body in (("acknowledge", {}), ("resolve", {"resolution": "x"}), ("reopen", {})):
        assert (await viewer.post(f"{ALERTS}/{alert}/{word}", body)).status_code == 403
