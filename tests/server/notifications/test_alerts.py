"""Alerts in inboxes: who is told, by which severity, once for one cause, and that it is dealt with."""

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.server.performance.alerts.stage import Scene
from tests.server.support import Person, served


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    files = tmp_path / "files"
    files.mkdir()
    sqlite3.connect(files / "a.db").execute("CREATE TABLE t (id int)").connection.close()
    async with served(tmp_path, source_paths=(files,)) as place:
        await place.house.performance.sampler.stop()
        body = {"name": "Orders", "source_type": "sqlite", "host": str(files / "a.db")}
        source = (await place.admin.post("/scan/data-sources", body)).json()["id"]
        await place.admin.post("/performance/monitoring/start", {"data_source_ids": [source], "interval": 10})
        yield Scene(place, source, place.house.performance.clock.now())


async def inbox(scene: Scene, person: Person) -> list[dict[str, Any]]:
    await scene.place.house.events.consumers.settled()
    items: list[dict[str, Any]] = (await person.get("/notifications")).json()["data"]["items"]
    return [each for each in items if each["kind"] in ("alert", "escalation")]


async def test_everybody_is_told_and_who_may_act_is_asked_to(scene: Scene) -> None:
    viewer = await scene.place.colleague("eve@example.org", role="viewer")
    await scene.threshold()
    await scene.measured(0, database_size=85)
    [mine], [hers] = await inbox(scene, scene.place.admin), await inbox(scene, viewer)
    alert = (await scene.alert())["id"]
    assert (mine["title"], mine["severity"], mine["path"]) == (
        "Size of Orders: 85 bytes, above 80 bytes",
        "warning",
        f"/alerts/{alert}",
    )
    assert mine["action"] == {"name": "acknowledge", "path": f"/performance/alerts/{alert}/acknowledge"}
    assert hers["action"] is None
    await scene.measured(10, database_size=95)
    [worse] = await inbox(scene, viewer)
    assert (worse["severity"], worse["count"]) == ("critical", 2)
    await scene.says(alert, "acknowledge")
    for person in (scene.place.admin, viewer):
        [settled] = await inbox(scene, person)
        assert (settled["action"], bool(settled["read_at"])) == (None, True)
        assert "acknowledged" in settled["title"]


async def test_an_escalation_policy_calls_instead_and_an_acknowledgement_ends_its_calls(scene: Scene) -> None:
    admin = scene.place.admin
    policy = {
        "name": "Night",
        "severities": ["critical"],
        "steps": [{"after_minutes": 0, "notify": {"roles": ["admin"]}}],
    }
    made = await admin.post("/escalations/policies", policy)
    assert made.status_code == 201, made.text
    await scene.threshold()
    await scene.measured(0, database_size=95)
    await scene.place.house.events.consumers.settled()
    [called] = (await admin.get("/escalations")).json()["data"]
    alert = (await scene.alert())["id"]
    assert (called["subject"], called["state"]) == (f"alert/{alert}", "open")
    await scene.says(alert, "acknowledge")
    await scene.place.house.events.consumers.settled()
    [called] = (await admin.get("/escalations")).json()["data"]
    assert called["state"] == "acknowledged"
    await scene.measured(10, database_size=70)
    await scene.place.house.events.consumers.settled()
    [called] = (await admin.get("/escalations")).json()["data"]
    assert called["state"] == "ended"
