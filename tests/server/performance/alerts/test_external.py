"""Alerts of a Prometheus: one for one set of labels, over when it ends or is not sent any more."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from persistence.tables.alerts import alerts
from tests.server.performance.alerts.stage import Scene

PATH = "/api/v2/alerts"
LABELS = {"alertname": "HighLatency", "instance": "web:9090", "severity": "warning"}
SAID = {"summary": "Latency is high", "description": "p99 is 2 s."}


async def post(scene: Scene, *sent: dict[str, Any], status: int = 200) -> None:
    answer = await scene.place.admin.post(PATH, list(sent))
    assert answer.status_code == status, answer.text


def alert(**fields: Any) -> dict[str, Any]:
    return {
        "labels": LABELS,
        "annotations": SAID,
        "startsAt": "2026-11-24T12:00:00.123Z",
        "endsAt": "0001-01-01T00:00:00Z",
        "generatorURL": "http://prometheus:9090/graph?g0.expr=latency",
        **fields,
    }


async def test_what_is_sent_again_is_the_same_alert_and_its_end_resolves_it(scene: Scene) -> None:
    soon, past = ((scene.now + timedelta(minutes=sign * 4)).isoformat() for sign in (1, -1))
    for _ in range(3):
        await post(scene, alert(endsAt=soon))
    found = await scene.alert()
    assert (found["title"], found["severity"], found["alert_type"]) == ("Latency is high", "warning", "external")
    assert "instance:web:9090" in found["tags"]
    await post(scene, alert(endsAt=soon, labels=LABELS | {"severity": "critical"}))
    assert (await scene.alert())["severity"] == "critical", "another severity is no other alert"
    await post(scene, alert(endsAt=past))
    over = await scene.alert()
    assert (over["status"], over["resolution"]) == ("resolved", "Its sender says that it is over.")
    await post(scene, alert(endsAt=past))
    assert len(await scene.alerts()) == 1
    await post(scene, alert(endsAt=soon), alert(endsAt=soon, labels=LABELS | {"instance": "web:9091"}))
    assert [each["status"] for each in await scene.alerts()] == ["open", "open", "resolved"]


async def test_what_is_not_sent_any_more_is_over(scene: Scene) -> None:
    await post(scene, alert(endsAt=None))
    performance = scene.place.house.performance
    await performance.look_after_alerts()
    assert (await scene.alert())["status"] == "open"
    old = update(alerts).values(last_seen_at=scene.now - timedelta(minutes=6))
    await scene.place.house.database.write(lambda connection: connection.execute(old))
    await performance.look_after_alerts()
    assert (await scene.alert())["resolution"] == "It was not sent again for five minutes."


async def test_an_end_that_is_no_time_means_that_it_goes_on(scene: Scene) -> None:
    await post(scene, alert())
    assert (await scene.alert())["status"] == "open", "year 1 is how Go says that there is none"


@pytest.mark.parametrize("sent", [{"labels": {}}, {}, {"labels": {"a b": "c"}}, {"labels": LABELS, "endsAt": "x"}])
async def test_what_is_no_alert_is_refused_whole(scene: Scene, sent: dict[str, Any]) -> None:
    await post(scene, alert(endsAt=None), sent, status=422)
    assert await scene.alerts() == []
    viewer = await scene.place.colleague("eve@example.org", role="viewer")
    assert (await viewer.post(PATH, [alert()])).status_code == 403
