"""Deliveries to real receivers: signed, tried again, given up, withheld; nothing lost, nothing sent astray."""

import asyncio
import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from persistence.tables.events import events
from persistence.tables.webhooks import webhook_deliveries, webhooks
from server.egress.egress import Egress
from server.webhooks.schedule import TRIES
from tests.server.receiver import answers, hangs, receiving, resolver
from tests.server.webhooks.stage import Ground
from tests.server.webhooks.standard import verify

CREATED = "counterpoint.document.created.v1"


async def told(place: Ground, type_: str) -> list[dict[str, Any]]:
    query = select(events.c.body).where(events.c.type == type_).order_by(events.c.time)
    rows = await place.house.database.read(lambda connection: connection.execute(query).scalars().all())
    return [json.loads(row) for row in rows]


async def test_an_event_arrives_as_a_signed_structured_cloud_event(place: Ground) -> None:
    async with receiving() as receiver:
        hook = await place.hook(receiver, types=[CREATED])
        await place.ada.document(place.workspace, 'Plan "é🎼"')
        await place.carried()
    [got] = receiver.got
    assert (got.method, got.path) == ("POST", "/hook")
    assert got.headers["content-type"] == "application/cloudevents+json; charset=utf-8"
    assert got.headers["user-agent"].startswith("Counterpoint-Webhooks/")
    verify(got.body, got.headers, hook["secret"], time.time())
    event = json.loads(got.body)
    assert event == (await told(place, CREATED))[0]
    assert event["id"] == got.headers["webhook-id"]
    assert event["data"]["document"]["title"] == 'Plan "é🎼"'
    [row] = await place.log(hook)
    assert (row["state"], row["event_id"], row["event_type"]) == ("delivered", event["id"], CREATED)
    [attempt] = row["attempts"]
    assert (attempt["number"], attempt["status"], attempt["why"]) == (1, 204, None)
    assert (await place.look(hook))["delivered_at"] is not None


async def test_only_the_types_that_it_wants_of_the_workspace_that_it_is_for(place: Ground) -> None:
    async with receiving() as some, receiving() as everything:
        await place.hook(some, types=["counterpoint.comment.*", "*.renamed.v1"])
        await place.hook(everything)
        document = await place.ada.document(place.workspace)
        await place.ada.ask("PATCH", f"/collaboration/documents/{document}", json={"title": "Sketch"})
        await place.ada.post(f"/collaboration/documents/{document}/comments", {"content": "Why?"})
        await place.ada.document(await place.ada.workspace("Elsewhere"))
        await place.carried()
    types = sorted(json.loads(got.body)["type"] for got in some.got)
    assert types == ["counterpoint.comment.added.v1", "counterpoint.document.renamed.v1"]
    assert len(everything.got) == 3
    assert {json.loads(got.body)["workspace"] for got in everything.got} == {place.workspace}


async def test_an_administrators_webhook_hears_all_that_he_may_see_and_no_more(place: Ground) -> None:
    async with receiving() as receiver:
        await place.hook(receiver, workspace_id=None, types=[CREATED])
        mine, theirs = await place.ada.workspace("Mine"), await place.ben.workspace("Theirs")
        await place.ada.document(mine, "Seen")
        await place.ben.document(theirs, "Unseen")
        await place.carried()
    assert [json.loads(got.body)["data"]["document"]["title"] for got in receiver.got] == ["Seen"]


async def test_what_is_told_to_one_user_alone_is_sent_to_nobody(place: Ground) -> None:
    async with receiving() as receiver:
        await place.hook(receiver, workspace_id=None)
        await place.ada.post("/auth/tokens", {"name": "bot", "scopes": ["account"]})
        await place.carried()
    assert receiver.got == []


async def test_a_failure_is_tried_again_under_the_same_id_with_a_new_timestamp(place: Ground) -> None:
    async with receiving(answers(500), answers(503, retry_after="600"), answers(200)) as receiver:
        hook = await place.hook(receiver)
        await place.ada.document(place.workspace)
        await place.carried()
        [row] = await place.log(hook)
        assert (row["state"], row["attempts"][0]["why"]) == ("pending", "it has answered 500")
        assert 4 < wait(row) < 6
        await place.later()
        [row] = await place.log(hook)
        assert 590 < wait(row) < 601, "Retry-After"
        await place.later()
    [row] = await place.log(hook)
    assert (row["state"], row["next_try_at"]) == ("delivered", None)
    assert [each["status"] for each in row["attempts"]] == [500, 503, 200]
    assert len({got.headers["webhook-id"] for got in receiver.got}) == 1
    assert len({got.body for got in receiver.got}) == 1
    for got in receiver.got:
        verify(got.body, got.headers, hook["secret"], time.time())


def wait(row: dict[str, Any]) -> float:
    return (datetime.fromisoformat(row["next_try_at"]) - datetime.now(UTC)).total_seconds()


async def test_who_hangs_is_given_up_in_time_and_keeps_nobody_else_waiting(place: Ground) -> None:
    place.house.webhooks.courier._timeout_seconds = 0.3
    async with receiving(hangs) as slow, receiving() as quick:
        hanging = await place.hook(slow, types=[CREATED])
        await place.hook(quick, types=[CREATED])
        for number in range(6):
            await place.ada.document(place.workspace, f"Page {number}")
        await asyncio.wait_for(quick.arrived.wait(), 5)
        assert place.house.webhooks.courier._busy[hanging["id"]] <= 4
        await place.carried()
        await place.carried()
    assert len(quick.got) == 6
    rows = await place.log(hanging)
    assert {row["attempts"][0]["why"] for row in rows} == {"no answer within 0.3 seconds"}
    assert {row["state"] for row in rows} == {"pending"}


async def test_a_redirect_to_a_private_address_is_not_followed(place: Ground) -> None:
    async with receiving() as inner, receiving(answers(302, location=f"http://127.0.0.1:{inner.port}/")) as outer:
        hook = await place.hook(outer)
        await place.ada.document(place.workspace)
        await place.carried()
    assert inner.connections == 0
    [row] = await place.log(hook)
    assert row["attempts"][0]["why"] == "it has answered 302; redirects are not followed"
    assert row["state"] == "pending"


async def test_a_name_that_has_become_private_is_never_reached(place: Ground) -> None:
    """DNS rebinding: public when the webhook was made and at the first try, private at the next."""
    async with receiving() as inner:
        courier = place.house.webhooks.courier
        courier._egress.close()
        courier._egress = Egress(resolve=resolver(["127.0.0.1"], ["::ffff:127.0.0.1"], ["10.0.0.1"]))
        hook = await place.hook(url=f"https://rebinding.example:{inner.port}/")
        await place.ada.document(place.workspace)
        await place.carried()
        await place.later()
        await place.later()
    assert inner.connections == 0
    [row] = await place.log(hook)
    assert [each["why"] for each in row["attempts"]] == ["it is in a private network"] * 3


async def test_who_answers_410_is_disabled_and_the_owner_told(place: Ground) -> None:
    async with receiving(answers(410)) as receiver:
        hook = await place.hook(receiver)
        await place.ada.document(place.workspace)
        await place.carried()
        await place.ada.document(place.workspace, "Another")
        await place.carried()
    assert len(receiver.got) == 1
    seen = await place.look(hook)
    assert (seen["enabled"], seen["disabled_why"]) == (False, "it has answered 410: gone")
    [row] = await place.log(hook)
    assert row["state"] == "failed"
    [event] = await told(place, "counterpoint.webhook.disabled.v1")
    assert event["source"] == f"/users/{place.ada.id}"
    assert event["data"]["reason"] == "it has answered 410: gone"
    assert event["actor"] == "system"


async def test_after_the_last_try_it_is_given_up_and_disabled_unless_something_else_has_arrived(place: Ground) -> None:
    async with receiving(answers(500)) as receiver:
        hook = await place.hook(receiver)
        await place.ada.document(place.workspace)
        await place.carried()
        await tried_until(place, TRIES - 1)
        delivered = update(webhooks).values(delivered_at=datetime.now(UTC) + timedelta(seconds=1))
        await place.house.database.write(lambda connection: connection.execute(delivered))
        await place.later()
        [row] = await place.log(hook)
        assert (row["state"], len(row["attempts"])) == ("failed", 2)
        assert (await place.look(hook))["enabled"]
        # Now nothing arrives any more.
        replayed = await place.ada.post(f"/webhooks/{hook['id']}/deliveries/{row['id']}/replay")
        assert replayed.status_code == 202
        await place.carried()
        await tried_until(place, TRIES - 1)
        forgotten = update(webhooks).values(delivered_at=None)
        await place.house.database.write(lambda connection: connection.execute(forgotten))
        await place.later()
    seen = await place.look(hook)
    assert not seen["enabled"]
    assert seen["disabled_why"].endswith("the last try: it has answered 500")
    assert len(await told(place, "counterpoint.webhook.disabled.v1")) == 1


async def tried_until(place: Ground, tries: int) -> None:
    made = update(webhook_deliveries).where(webhook_deliveries.c.state == "pending").values(tries=tries)
    await place.house.database.write(lambda connection: connection.execute(made))


async def test_what_its_owner_may_not_see_any_more_is_withheld_before_each_send(place: Ground) -> None:
    async with receiving(answers(500), answers(200)) as receiver:
        await place.ada.ask(
            "PUT", f"/collaboration/workspaces/{place.workspace}/members/{place.cyd.id}", json={"role": "admin"}
        )
        hook = await place.hook(receiver, by=place.cyd)
        await place.ada.document(place.workspace)
        await place.carried()
        await place.ada.ask("DELETE", f"/collaboration/workspaces/{place.workspace}/members/{place.cyd.id}")
        await place.carried()
        await place.later()
    assert len(receiver.got) == 1, "only what was tried before the right ended"
    rows = await place.log(hook)
    assert {row["state"] for row in rows} == {"withheld"}
    seen = await place.look(hook)
    assert (seen["enabled"], seen["disabled_why"]) == (False, "its owner may not have it any more")


async def test_a_lost_key_is_said_in_the_log_and_a_new_secret_mends_it(place: Ground) -> None:
    async with receiving() as receiver:
        hook = await place.hook(receiver)
        lost = update(webhooks).values(secret="v1.00000000.AAAA")
        await place.house.database.write(lambda connection: connection.execute(lost))
        await place.ada.document(place.workspace)
        await place.carried()
        [row] = await place.log(hook)
        assert "the key 00000000, which is not in" in row["attempts"][0]["why"]
        assert receiver.got == []
        rotated = await place.ada.post(f"/webhooks/{hook['id']}/rotate", {"overlap_hours": 0})
        await place.later()
    [got] = receiver.got
    verify(got.body, got.headers, rotated.json()["data"]["secret"], time.time())


async def test_a_process_that_died_while_sending_is_made_up_for_when_its_lease_has_run_out(place: Ground) -> None:
    async with receiving() as receiver:
        hook = await place.hook(receiver, enabled=None)
        await place.ada.ask("PATCH", f"/webhooks/{hook['id']}", json={"enabled": False})
        await place.ada.ask("PATCH", f"/webhooks/{hook['id']}", json={"enabled": True})
        store, now = place.house.webhooks.deliveries, datetime.now(UTC)
        await place.house.webhooks.courier.stop()
        await place.ada.document(place.workspace)
        await place.house.events.consumers.settled()
        later = now + timedelta(seconds=60)
        [dead] = await store.claim(later, later, busy={}, at_once=4, limit=9)
        assert await store.claim(now, later, busy={}, at_once=4, limit=9) == [], "another node takes nothing"
        ended = update(webhook_deliveries).values(leased_until=now)
        await place.house.database.write(lambda connection: connection.execute(ended))
        await place.carried()
    assert [got.headers["webhook-id"] for got in receiver.got] == [dead.delivery.event_id]


async def test_two_couriers_on_one_store_send_each_delivery_once(place: Ground) -> None:
    async with receiving() as receiver:
        await place.hook(receiver, types=[CREATED])
        courier = place.house.webhooks.courier
        for number in range(12):
            await place.ada.document(place.workspace, f"Page {number}")
        await place.house.events.consumers.settled()
        await asyncio.gather(*(courier._round() for _ in range(5)))
        await place.carried()
    ids = [got.headers["webhook-id"] for got in receiver.got]
    assert sorted(ids) == sorted(set(ids))
    assert len(ids) == 12
