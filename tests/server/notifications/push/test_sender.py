"""The channel against a push service that takes messages, has none of them, hangs, redirects, and asks to wait."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from server.notifications.delivery import Later, Refused, Sent
from server.notifications.push.message import message_of
from server.notifications.push.sender import FURTHER_TRIES
from tests.server.notifications.push.stage import Ground, a_note, by_path
from tests.server.receiver import answers, breaks_off, receiving

TAKEN = answers(201, location="https://push.example.net/m/1")


async def test_a_browser_gets_what_only_it_can_read(place: Ground) -> None:
    async with receiving(TAKEN) as service:
        device = await place.subscribe(service)
        note = a_note(place.ada.id)
        assert await place.house.notifications.push.sender.can_reach(place.ada.id)
        assert await place.house.notifications.push.sender.send(place.ada.id, [note]) == Sent()
        [got] = service.got
        shown = (await place.devices())[device]
    assert (got.method, got.path) == ("POST", "/s/1")
    assert place.read(got)["notification"]["title"] == "Ben mentioned you"
    assert note.text.encode() not in got.body
    assert 24 * 3600 - 60 < int(got.headers["ttl"]) <= 24 * 3600
    assert {name: got.headers[name] for name in ("content-encoding", "content-type", "urgency", "topic")} == {
        "content-encoding": "aes128gcm",
        "content-type": "application/octet-stream",
        "urgency": "normal",
        "topic": message_of([note]).topic,
    }
    assert got.headers["authorization"].startswith("vapid t=ey")
    assert shown["last_error"] is None
    assert shown["last_sent_at"] is not None


async def test_who_has_no_device_is_not_reached(place: Ground) -> None:
    assert not await place.house.notifications.push.sender.can_reach(place.ben.id)
    assert isinstance(await place.house.notifications.push.sender.send(place.ben.id, [a_note(place.ben.id)]), Refused)


@pytest.mark.parametrize("status", [404, 410])
async def test_a_subscription_that_is_over_is_deleted(place: Ground, status: int) -> None:
    async with receiving(answers(status)) as service:
        await place.subscribe(service)
        outcome = await place.house.notifications.push.sender.send(place.ada.id, [a_note(place.ada.id)])
        assert outcome == Refused(f"the push service has answered {status}")
        assert await place.devices() == {}
        assert not await place.house.notifications.push.sender.can_reach(place.ada.id)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (answers(413), "too large"),
        (answers(307, location="http://127.0.0.1:1/"), "redirects are not followed"),
        (answers(301, location="http://169.254.169.254/"), "redirects are not followed"),
        (answers(403), "turn push off and on again"),
        (answers(400), "has answered 400"),
    ],
)
async def test_what_is_refused_is_not_tried_again_and_its_owner_sees_why(place: Ground, answer: Any, why: str) -> None:
    async with receiving(answer) as service:
        device = await place.subscribe(service)
        outcome = await place.house.notifications.push.sender.send(place.ada.id, [a_note(place.ada.id)])
        assert isinstance(outcome, Refused)
        assert why in outcome.why
        assert (await place.devices())[device]["last_error"] == outcome.why
        assert service.connections == 1


@pytest.mark.parametrize("answer", [answers(500), answers(503), breaks_off])
async def test_what_fails_for_now_is_tried_again_when_the_desk_thinks_best(place: Ground, answer: Any) -> None:
    async with receiving(answer, TAKEN) as service:
        await place.subscribe(service)
        outcome = await place.house.notifications.push.sender.send(place.ada.id, [a_note(place.ada.id)])
        assert isinstance(outcome, Later)
        assert outcome.at is None
        assert await place.house.notifications.push.sender.send(place.ada.id, [a_note(place.ada.id)]) == Sent()


async def test_a_push_service_that_asks_to_wait_is_left_alone_by_every_message(place: Ground) -> None:
    async with receiving(answers(429, retry_after="120")) as service:
        await place.subscribe(service)
        began = datetime.now(UTC)
        for event in ("a", "b"):
            outcome = await place.house.notifications.push.sender.send(
                place.ada.id, [a_note(place.ada.id, event_id=event)]
            )
            assert isinstance(outcome, Later)
            assert outcome.at is not None
            assert timedelta(seconds=119) < outcome.at - began < timedelta(seconds=125)
        assert len(service.got) == 1


async def test_what_is_too_old_is_not_sent(place: Ground) -> None:
    async with receiving(TAKEN) as service:
        await place.subscribe(service)
        note = a_note(place.ada.id, severity="critical", at=datetime.now(UTC) - timedelta(hours=5))
        assert await place.house.notifications.push.sender.send(place.ada.id, [note]) == Refused("its time is over")
        assert service.got == []


async def test_a_retry_goes_to_those_devices_alone_that_may_still_take_it(place: Ground) -> None:
    async with receiving(by_path(has=TAKEN, fails=answers(503), never=answers(400))) as service:
        for at in ("/s/has", "/s/fails", "/s/never"):
            await place.subscribe(service, at)
        sender, note = place.house.notifications.push.sender, a_note(place.ada.id)
        for _ in range(FURTHER_TRIES):
            assert isinstance(await sender.send(place.ada.id, [note]), Later)
        assert await sender.send(place.ada.id, [note]) == Sent(), "one has it, and the others had their chances"
        paths = [got.path for got in service.got]
        assert [paths.count(at) for at in ("/s/has", "/s/fails", "/s/never")] == [1, FURTHER_TRIES + 1, 1]
        service.got.clear()
        await sender.send(place.ada.id, [a_note(place.ada.id, event_id="another")])
        assert len(service.got) == 3, "of another message nobody has had anything"


async def test_a_phone_that_comes_back_gets_what_the_laptop_has(place: Ground) -> None:
    async with receiving(TAKEN) as laptop, receiving(answers(500), TAKEN) as phone:
        await place.subscribe(laptop)
        await place.subscribe(phone)
        sender, note = place.house.notifications.push.sender, a_note(place.ada.id)
        assert isinstance(await sender.send(place.ada.id, [note]), Later)
        assert await sender.send(place.ada.id, [note]) == Sent()
        assert (len(laptop.got), len(phone.got)) == (1, 2)
        assert all(each["last_error"] is None for each in (await place.devices()).values())
