"""Who may have a webhook, the secret that is shown once, rotation, test, replay, the log and its retention."""

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text, update

from persistence.tables.webhooks import webhook_deliveries
from tests.server.events.stage import written
from tests.server.receiver import receiving
from tests.server.support import Person
from tests.server.webhooks.stage import Ground
from tests.server.webhooks.standard import NotGenuine, verify


async def test_the_secret_is_shown_once_and_stands_nowhere_in_the_store(place: Ground) -> None:
    hook = await place.hook(description="For the tests")
    assert hook["secret"].startswith("whsec_")
    for path in (f"/webhooks/{hook['id']}", "/webhooks"):
        assert "secret" not in (await place.ada.get(path)).text.replace("former_secret_until", "")

    def dump(connection: Any) -> str:
        tables = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
        return str([connection.execute(text(f'SELECT * FROM "{table}"')).all() for table in tables])

    stored = await place.house.database.read(dump)
    assert hook["id"] in stored
    assert hook["secret"] not in stored
    assert hook["secret"].removeprefix("whsec_") not in stored


async def test_a_webhook_of_a_workspace_is_for_its_admins(place: Ground) -> None:
    body = {"url": "https://hook.example.org/", "workspace_id": place.workspace}
    assert (await place.cyd.post("/webhooks", body)).status_code == 403, "an editor"
    assert (await place.ben.post("/webhooks", body)).status_code == 404, "no member"
    hook = await place.hook()
    for person in (place.ben, place.cyd):
        assert (await person.get("/webhooks")).json()["data"] == []
        for method, path in every_door(hook["id"]):
            assert (await person.ask(method, path, json={})).status_code == 404, (method, path)
    await place.ada.ask(
        "PUT", f"/collaboration/workspaces/{place.workspace}/members/{place.cyd.id}", json={"role": "admin"}
    )
    assert [each["id"] for each in (await place.cyd.get("/webhooks")).json()["data"]] == [hook["id"]]
    assert (await place.cyd.get(f"/webhooks/{hook['id']}/deliveries")).status_code == 200


def every_door(hook: str) -> list[tuple[str, str]]:
    at = f"/webhooks/{hook}"
    doors = [("GET", at), ("PATCH", at), ("DELETE", at), ("GET", at + "/deliveries")]
    return [*doors, ("POST", at + "/test"), ("POST", at + "/rotate"), ("POST", at + "/deliveries/x/replay")]


async def test_a_webhook_of_the_organisation_is_for_administrators(place: Ground) -> None:
    body = {"url": "https://hook.example.org/"}
    refused = await place.ben.post("/webhooks", body)
    assert refused.status_code == 403
    assert "workspace_id" in refused.json()["message"]
    token = (await place.ada.post("/auth/tokens", {"name": "bot", "scopes": ["workspaces:manage"]})).json()["token"]
    assert (await Person(place.ada.http, token, place.ada.id, "").post("/webhooks", body)).status_code == 403
    hook = await place.hook(workspace_id=None)
    assert hook["workspace_id"] is None
    assert (await place.ben.get("/webhooks")).json()["data"] == []


async def test_an_administrator_sees_and_removes_a_strangers_webhook_but_it_cannot_rest_on_him(place: Ground) -> None:
    theirs = await place.ben.workspace("Theirs")
    hook = await place.hook(by=place.ben, workspace_id=theirs)
    assert [each["id"] for each in (await place.ada.get("/webhooks")).json()["data"]] == [hook["id"]]
    for method, path in every_door(hook["id"]):
        if method in {"PATCH", "POST"} or path.endswith("deliveries"):
            body = {"enabled": False} if method == "PATCH" else None
            assert (await place.ada.ask(method, path, json=body)).status_code == 404, (method, path)
    assert (await place.ada.ask("DELETE", f"/webhooks/{hook['id']}")).status_code == 204
    assert (await place.ben.get(f"/webhooks/{hook['id']}")).status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("url", "https://hook.example.org:99999/"),
        ("url", "ftp://hook.example.org/"),
        ("url", "https://10.0.0.1/"),
        ("url", "https://ada:SESAME@hook.example.org/"),
        ("url", "https://[::1]/"),
        ("url", ""),
        ("types", []),
        ("types", ["counterpoint.comment.aded.v1"]),
        ("types", ["*.*.*.*"]),
        ("types", ["(a+)+"]),
        ("types", "*"),
        ("description", "x" * 201),
        ("secret", "whsec_mine"),
    ],
)
async def test_what_is_wrong_is_named(place: Ground, field: str, value: object) -> None:
    body = {"url": "https://hook.example.org/", "workspace_id": place.workspace, field: value}
    response = await place.ada.post("/webhooks", body)
    assert response.status_code == 422, response.text
    assert response.json()["details"][0]["field"].startswith(field)
    assert "SESAME" not in response.text


async def test_a_change_makes_it_rest_on_who_has_made_it(place: Ground) -> None:
    hook = await place.hook()
    await place.ada.ask(
        "PUT", f"/collaboration/workspaces/{place.workspace}/members/{place.cyd.id}", json={"role": "owner"}
    )
    changed = await place.cyd.ask("PATCH", f"/webhooks/{hook['id']}", json={"types": ["counterpoint.comment.*"]})
    assert changed.json()["data"]["owner_id"] == place.cyd.id
    told = [e for e in await written(place.house.database) if e.type == "counterpoint.webhook.changed.v1"]
    assert sorted(e.stream for e in told) == sorted([f"user:{place.ada.id}", f"user:{place.cyd.id}"])
    same = await place.ada.ask("PATCH", f"/webhooks/{hook['id']}", json={"types": ["counterpoint.comment.*"]})
    assert same.json()["data"]["owner_id"] == place.cyd.id, "what changes nothing changes nothing"


async def test_events_name_the_host_and_never_the_address(place: Ground) -> None:
    await place.hook(url="https://hooks.example.org/services/SESAME")
    [event] = [e for e in await written(place.house.database) if e.type == "counterpoint.webhook.added.v1"]
    assert json.loads(event.body)["data"]["host"] == "hooks.example.org"
    assert "SESAME" not in event.body


async def test_a_rotated_secret_overlaps_with_the_former_one_and_no_more_than_two_are_in_force(place: Ground) -> None:
    async with receiving() as receiver:
        hook = await place.hook(receiver)
        at = f"/webhooks/{hook['id']}"
        second = (await place.ada.post(at + "/rotate")).json()["data"]
        third = (await place.ada.post(at + "/rotate", {"overlap_hours": 1})).json()["data"]
        until = datetime.fromisoformat(third["former_secret_until"]) - datetime.now(UTC)
        assert timedelta(minutes=59) < until <= timedelta(hours=1)
        await place.ada.post(at + "/test")
        await place.carried()
        [got] = receiver.got
        for secret in (second["secret"], third["secret"]):
            verify(got.body, got.headers, secret, time.time())
        with pytest.raises(NotGenuine):
            verify(got.body, got.headers, hook["secret"], time.time())
        leaked = (await place.ada.post(at + "/rotate", {"overlap_hours": 0})).json()["data"]
        assert leaked["former_secret_until"] is None
        await place.ada.post(at + "/test")
        await place.carried()
    got = receiver.got[-1]
    verify(got.body, got.headers, leaked["secret"], time.time())
    with pytest.raises(NotGenuine):
        verify(got.body, got.headers, third["secret"], time.time())


async def test_a_test_event_is_sent_whatever_the_types_are(place: Ground) -> None:
    async with receiving() as receiver:
        hook = await place.hook(receiver, types=["counterpoint.comment.*"])
        response = await place.ada.post(f"/webhooks/{hook['id']}/test")
        assert response.status_code == 202
        await place.carried()
    [got] = receiver.got
    assert json.loads(got.body)["type"] == "counterpoint.webhook.tested.v1"
    [row] = await place.log(hook)
    assert row["id"] == response.json()["data"]["id"]
    assert row["state"] == "delivered"


async def test_tests_are_limited(place: Ground) -> None:
    hook = await place.hook()
    place.house.webhooks.service._limit._most = 1
    assert (await place.ada.post(f"/webhooks/{hook['id']}/test")).status_code == 202
    refused = await place.ada.post(f"/webhooks/{hook['id']}/test")
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 3000


async def test_a_replay_is_a_delivery_of_its_own_with_the_same_id(place: Ground) -> None:
    async with receiving() as receiver:
        hook = await place.hook(receiver)
        await place.ada.document(place.workspace)
        await place.carried()
        [first] = await place.log(hook)
        for _ in range(2):
            again = await place.ada.post(f"/webhooks/{hook['id']}/deliveries/{first['id']}/replay")
            assert again.status_code == 202
        assert (await place.ada.post(f"/webhooks/{hook['id']}/deliveries/unknown/replay")).status_code == 404
        await place.carried()
    assert len(receiver.got) == 3
    assert len({got.headers["webhook-id"] for got in receiver.got}) == 1
    assert sorted(row["replay"] for row in await place.log(hook)) == [0, 1, 2]


async def test_a_delivery_of_another_webhook_cannot_be_replayed(place: Ground) -> None:
    async with receiving() as receiver:
        hook, other = await place.hook(receiver), await place.hook(receiver, types=["counterpoint.member.*"])
        await place.ada.document(place.workspace)
        await place.carried()
        [row] = await place.log(hook)
    assert (await place.ada.post(f"/webhooks/{other['id']}/deliveries/{row['id']}/replay")).status_code == 404


async def test_while_it_is_disabled_nothing_is_sent_and_what_waited_is_sent_after(place: Ground) -> None:
    async with receiving() as receiver:
        hook = await place.hook(receiver)
        await place.house.webhooks.courier.stop()
        await place.ada.document(place.workspace, "Before")
        await place.house.events.consumers.settled()
        off = await place.ada.ask("PATCH", f"/webhooks/{hook['id']}", json={"enabled": False})
        assert off.json()["data"]["disabled_why"].endswith("has disabled it")
        await place.ada.document(place.workspace, "Meanwhile")
        await place.carried()
        assert receiver.got == []
        assert (await place.ada.post(f"/webhooks/{hook['id']}/test")).status_code == 409
        on = await place.ada.ask("PATCH", f"/webhooks/{hook['id']}", json={"enabled": True})
        assert on.json()["data"]["disabled_at"] is None
        await place.carried()
    assert [json.loads(got.body)["data"]["document"]["title"] for got in receiver.got] == ["Before"]


async def test_the_log_has_pages_and_states(place: Ground) -> None:
    async with receiving() as receiver:
        hook = await place.hook(receiver)
        for number in range(5):
            await place.ada.document(place.workspace, f"Page {number}")
        await place.carried()
    at, seen, cursor = f"/webhooks/{hook['id']}/deliveries", [], ""
    for _ in range(3):
        page = (await place.ada.get(at, params={"limit": 2, "cursor": cursor})).json()
        seen += [row["id"] for row in page["data"]]
        cursor = page["next_cursor"]
    assert cursor is None
    assert len(set(seen)) == 5
    assert len(await place.log(hook, state="delivered")) == 5
    assert await place.log(hook, state="failed") == []
    assert (await place.ada.get(at, params={"state": "odd"})).status_code == 422


async def test_what_ended_long_ago_is_forgotten_and_what_waits_is_not(place: Ground) -> None:
    async with receiving() as receiver:
        hook = await place.hook(receiver)
        await place.ada.document(place.workspace, "Old")
        await place.carried()
        old = update(webhook_deliveries).values(ended_at=datetime.now(UTC) - timedelta(days=31))
        await place.house.database.write(lambda connection: connection.execute(old))
        await place.ada.document(place.workspace, "New")
        await place.carried()
    await place.house.webhooks.purge(30)
    assert len(await place.log(hook)) == 1


async def test_an_organisation_has_a_hundred_at_most(place: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.webhooks.service.MOST_WEBHOOKS", 1)
    await place.hook()
    refused = await place.ada.post("/webhooks", {"url": "https://hook.example.org/"})
    assert refused.status_code == 409


async def test_metrics_count_tries(place: Ground) -> None:
    async with receiving() as receiver:
        await place.hook(receiver)
        await place.ada.document(place.workspace)
        await place.carried()
    assert 'counterpoint_webhook_tries_total{state="delivered"} 1.0' in (await place.ada.get("/metrics")).text
