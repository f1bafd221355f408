"""Whose devices there are, who may have one, when they end, and the message to try them."""

from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.server.notifications.push.browser import b64
from tests.server.notifications.push.stage import Ground, by_path, ground
from tests.server.receiver import Receiver, answers, receiving
from tests.server.support import PASSWORD

AT = "/notifications/push"
TAKEN = answers(201)


async def test_a_device_is_added_listed_and_removed(place: Ground) -> None:
    async with receiving() as service:
        body = place.subscription(service, device="Chrome on Linux")
        response = await place.ada.post(AT + "/subscriptions", body)
    assert response.status_code == 201
    device = response.json()["data"]
    assert device.items() >= {"device": "Chrome on Linux", "last_sent_at": None, "last_error": None}.items()
    assert device["endpoint_hash"] == sha256(body["endpoint"].encode()).hexdigest()
    found = (await place.ada.get(AT)).json()["data"]
    assert found["subscriptions"] == [device]
    assert len(found["public_key"]) == 87
    assert (await place.ben.ask("DELETE", f"{AT}/subscriptions/{device['id']}")).status_code == 404
    assert (await place.ada.ask("DELETE", f"{AT}/subscriptions/{device['id']}")).status_code == 204
    assert await place.devices() == {}


async def test_neither_the_endpoint_nor_the_keys_are_ever_told(place: Ground) -> None:
    async with receiving() as service:
        made = await place.ada.post(AT + "/subscriptions", place.subscription(service, "/s/secret-part"))
    for response in (made, await place.ada.get(AT)):
        for secret in ("secret-part", *place.browser.shown.values()):
            assert secret not in response.text


async def test_a_browser_belongs_to_whoever_came_with_it_last(place: Ground) -> None:
    async with receiving() as service:
        first = await place.subscribe(service)
        assert (await place.devices())[first]["device"] == "A browser"
        assert await place.subscribe(service) == first, "the same person again is the same device"
        second = await place.subscribe(service, by=place.ben)
    assert await place.devices() == {}
    assert list(await place.devices(place.ben)) == [second]
    assert second != first


async def test_a_renewed_endpoint_stays_the_same_device(place: Ground) -> None:
    async with receiving() as service:
        named = place.subscription(service, "/s/old", device="Chrome on Linux")
        device = (await place.ada.post(AT + "/subscriptions", named)).json()["data"]
        body = place.subscription(service, "/s/new", replaces=named["endpoint"])
        assert (await place.ada.post(AT + "/subscriptions", body)).json()["data"]["id"] == device["id"]
        assert [each["device"] for each in (await place.devices()).values()] == ["Chrome on Linux"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"endpoint": "https://evil.example/push"}, "endpoint"),
        ({"endpoint": "http://fcm.googleapis.com/x"}, "endpoint"),
        ({"endpoint": "https://ada:x@fcm.googleapis.com/x"}, "endpoint"),
        ({"endpoint": "https://fcm.googleapis.com/" + "x" * 1000}, "endpoint"),
        ({"endpoint": "https://fcm.googleapis.com/ü"}, "endpoint"),
        ({"endpoint": ""}, "endpoint"),
        ({"keys": {"p256dh": b64(b"\x04" + b"\x01" * 64), "auth": b64(b"a" * 16)}}, "keys"),
        ({"keys": {"auth": b64(b"a" * 16)}}, "keys.p256dh"),
        ({"device": "x" * 101}, "device"),
        ({"device": "a\u202eb"}, "device"),
        ({"user_id": "somebody"}, "user_id"),
    ],
)
async def test_what_is_no_subscription_is_refused_by_its_field(
    place: Ground, changes: dict[str, Any], field: str
) -> None:
    body = place.subscription(Receiver([], 9), **changes)
    response = await place.ada.post(AT + "/subscriptions", body)
    assert response.status_code == 422, response.text
    assert response.json()["details"][0]["field"] == field


async def test_there_is_an_end_to_devices(place: Ground) -> None:
    async with receiving() as service:
        for number in range(10):
            await place.subscribe(service, f"/s/{number}")
        full = await place.ada.post(AT + "/subscriptions", place.subscription(service, "/s/10"))
        assert full.status_code == 409
        assert "remove one first" in full.json()["message"]
        await place.subscribe(service, "/s/9")


async def test_no_token_makes_a_subscription_for_it_would_outlive_it(place: Ground) -> None:
    made = await place.ada.post("/auth/tokens", {"name": "bot", "scopes": ["account"]})
    headers = {"Authorization": f"Bearer {made.json()['token']}"}
    body = place.subscription(Receiver([], 9))
    refused = await place.place.http.post(AT + "/subscriptions", json=body, headers=headers)
    assert refused.status_code == 403
    assert (await place.place.http.get(AT, headers=headers)).status_code == 200


async def test_a_device_ends_when_one_signs_out_of_it(place: Ground) -> None:
    async with receiving(TAKEN) as service:
        await place.subscribe(service, by=place.ben)
        assert (await place.ben.post("/auth/logout")).status_code == 204
        assert not await place.house.notifications.push.sender.can_reach(place.ben.id)


async def test_all_devices_end_with_the_account_and_with_a_new_password(place: Ground) -> None:
    async with receiving(TAKEN) as service:
        mine = await place.subscribe(service, "/s/1")
        await place.subscribe(service, "/s/2", place.ben)
        change = {"active": False}
        assert (await place.ada.ask("PATCH", f"/auth/users/{place.ben.id}", json=change)).status_code == 200
        assert not await place.house.notifications.push.sender.can_reach(place.ben.id)
        body = {"current": PASSWORD, "new": PASSWORD + "!"}
        assert (await place.ada.post("/auth/password", body)).status_code in {200, 204}
        assert list(await place.devices()) == [mine], "the session that has changed it goes on"


async def test_a_test_goes_to_every_device_and_says_what_became_of_it(place: Ground) -> None:
    async with receiving(by_path(good=TAKEN, bad=answers(403), gone=answers(410))) as service:
        good, bad, _ = [await place.subscribe(service, f"/s/{name}") for name in ("good", "bad", "gone")]
        response = await place.ada.post(AT + "/test")
        assert response.status_code == 200, response.text
        told = {each["id"]: each for each in response.json()["data"]}
        assert list(told) == [good, bad]
        assert told[good]["last_sent_at"] is not None
        assert "403" in told[bad]["last_error"]
        assert place.read(service.got[0])["notification"]["title"] == "Push works"


async def test_a_test_that_reaches_nobody_says_so(place: Ground) -> None:
    nobody = await place.ada.post(AT + "/test")
    assert nobody.status_code == 409
    assert "not turned on" in nobody.json()["message"]
    async with receiving(answers(500)) as service:
        await place.subscribe(service)
        failed = await place.ada.post(AT + "/test")
    assert failed.status_code == 409
    assert failed.json()["message"] == "No device could be reached: the push service has answered 500."


async def test_what_was_sent_is_counted(place: Ground) -> None:
    async with receiving(TAKEN, answers(500)) as service:
        await place.subscribe(service)
        for _ in range(2):
            await place.ada.post(AT + "/test")
    metrics = (await place.place.http.get("/metrics")).text
    assert 'counterpoint_push_messages_total{result="taken"} 1.0' in metrics
    assert 'counterpoint_push_messages_total{result="later"} 1.0' in metrics


async def test_a_server_that_has_lost_its_key_says_so(tmp_path: Path) -> None:
    async with ground(tmp_path) as place, receiving(TAKEN) as service:
        await place.subscribe(service)
        sealed = text("UPDATE server_secrets SET sealed = 'v1.00000000.eA=='")
        await place.house.database.write(lambda connection: connection.execute(sealed))
    async with ground(tmp_path) as place:
        for response in (await place.ada.get(AT), await place.ada.post(AT + "/test")):
            assert response.status_code == 500
            assert "counterpoint doctor" in response.json()["message"]
