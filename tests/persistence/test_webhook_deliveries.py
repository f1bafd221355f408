"""Deliveries on every kind of store: each event once for each webhook, each row in one pair of hands."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from persistence.database import Database
from persistence.webhook_deliveries import Attempt, DeliveryStore, Due, Ended, NewDelivery, insert_deliveries
from persistence.webhooks import WebhookStore
from tests.persistence.conftest import Place
from tests.persistence.test_webhooks import webhook

NOW = datetime(2026, 11, 23, 9, 0, 0, 123456, tzinfo=UTC)
LEASE = timedelta(seconds=60)
TRIED = Attempt(1, NOW, 0.25, 500, "it has answered 500")
FIRST, SECOND = "a" * 32, "b" * 32


class Desk:
    def __init__(self, database: Database, place: Place) -> None:
        self.database = database
        self.place = place
        self.store = DeliveryStore(database)
        self.webhooks = WebhookStore(database)

    async def event(self, number: int, *to: str, at: datetime = NOW) -> list[str]:
        new = NewDelivery(self.place.organisation, f"workspace:{self.place.workspace}", number, f"e{number}", "t")

        def work(connection: Connection) -> list[str]:
            return insert_deliveries(connection, new, to or (FIRST,), at)

        return await self.database.write(work)

    async def claim(
        self, now: datetime = NOW, *, busy: Mapping[str, int] | None = None, at_once: int = 4, limit: int = 32
    ) -> list[Due]:
        return await self.store.claim(now, now + LEASE, busy=busy or {}, at_once=at_once, limit=limit)


@pytest.fixture
async def desk(database: Database, place: Place) -> Desk:
    desk = Desk(database, place)
    for id_ in (FIRST, SECOND):
        await desk.webhooks.create(webhook(place, id_), 10)
    return desk


async def test_an_event_is_a_row_for_each_webhook_that_is_still_there_and_never_two(desk: Desk) -> None:
    assert len(await desk.event(1, FIRST, SECOND, "c" * 32)) == 2
    with pytest.raises(IntegrityError):
        await desk.event(1, FIRST)
    assert len(await desk.store.page(FIRST, before=None, limit=9, state=None)) == 1


async def test_of_many_who_claim_at_once_each_row_has_one_taker(desk: Desk) -> None:
    for number in range(8):
        await desk.event(number, FIRST, SECOND)
    found = await asyncio.gather(*(desk.claim(at_once=16) for _ in range(4)))
    ids = [due.delivery.id for taken in found for due in taken]
    # A node that comes while another one looks may find a webhook's rows locked and leave them to it.
    ids += [due.delivery.id for due in await desk.claim(at_once=16)]
    assert len(ids) == len(set(ids)) == 16
    assert await desk.claim() == []


async def test_a_claim_comes_with_its_webhook_and_counts_the_try(desk: Desk) -> None:
    [id_] = await desk.event(1)
    [due] = await desk.claim()
    assert (due.delivery.id, due.delivery.tries, due.delivery.offset) == (id_, 1, 1)
    assert due.webhook == webhook(desk.place, FIRST)
    assert due.delivery.event_id == "e1"


async def test_a_lease_that_has_run_out_is_anybodys_and_its_former_taker_writes_nothing(desk: Desk) -> None:
    await desk.event(1)
    [dead] = await desk.claim()
    assert await desk.claim(NOW + LEASE - timedelta(seconds=1)) == []
    [alive] = await desk.claim(NOW + LEASE)
    assert (alive.delivery.id, alive.delivery.tries) == (dead.delivery.id, 2)
    assert not await desk.store.end(dead, Ended("delivered", TRIED), NOW)
    assert await desk.store.end(alive, Ended("delivered", TRIED), NOW)
    assert not await desk.store.end(alive, Ended("delivered", TRIED), NOW), "once is enough"


async def test_busy_webhooks_get_what_is_left_of_their_share(desk: Desk) -> None:
    for number in range(6):
        await desk.event(number, FIRST, SECOND)
    taken = await desk.claim(busy={FIRST: 4, SECOND: 3})
    assert [due.webhook.id for due in taken] == [SECOND]
    assert len(await desk.claim(limit=3)) == 3


async def test_what_failed_is_due_when_it_is_said_and_has_its_tries_in_order(desk: Desk) -> None:
    [id_] = await desk.event(1)
    [due] = await desk.claim()
    later = NOW + timedelta(seconds=5)
    assert await desk.store.end(due, Ended("pending", TRIED, due_at=later), NOW)
    assert await desk.store.next_due() == later
    assert await desk.claim(later - timedelta(milliseconds=1)) == []
    [again] = await desk.claim(later)
    await desk.store.end(again, Ended("delivered", Attempt(2, later, 0.5, 204, None)), later)
    assert (await desk.store.attempts([id_]))[id_] == [TRIED, Attempt(2, later, 0.5, 204, None)]
    [row] = await desk.store.by_ids([id_])
    assert (row.state, row.tries, row.ended_at) == ("delivered", 2, later)
    assert await desk.store.next_due() is None
    found = await desk.webhooks.get(desk.place.organisation, FIRST)
    assert found is not None
    assert found.delivered_at == later


async def test_a_lease_counts_as_due_when_it_runs_out(desk: Desk) -> None:
    await desk.event(1)
    assert await desk.store.next_due() == NOW
    await desk.claim()
    assert await desk.store.next_due() == NOW + LEASE


async def test_what_waits_for_a_disabled_webhook_waits(desk: Desk) -> None:
    await desk.event(1, FIRST, SECOND)
    await desk.webhooks.change(desk.place.organisation, FIRST, {"disabled_at": NOW})
    assert [due.webhook.id for due in await desk.claim()] == [SECOND]
    await desk.webhooks.change(desk.place.organisation, FIRST, {"disabled_at": None})
    assert [due.webhook.id for due in await desk.claim()] == [FIRST]


async def test_a_webhook_is_disabled_once_and_told_once(desk: Desk) -> None:
    await desk.event(1)
    await desk.event(2)
    told: list[Connection] = []
    for due in await desk.claim():
        assert await desk.store.end(due, Ended("failed", TRIED, disable="gone"), NOW, told.append)
    assert len(told) == 1
    found = await desk.webhooks.get(desk.place.organisation, FIRST)
    assert found is not None
    assert (found.disabled_at, found.disabled_why) == (NOW, "gone")


async def test_a_webhook_to_which_something_has_arrived_since_stays_enabled(desk: Desk) -> None:
    await desk.event(1)
    [due] = await desk.claim()
    await desk.webhooks.change(desk.place.organisation, FIRST, {"delivered_at": NOW})
    ended = Ended("failed", TRIED, disable="nothing arrives", unless_delivered_since=NOW - LEASE)
    assert await desk.store.end(due, ended, NOW)
    found = await desk.webhooks.get(desk.place.organisation, FIRST)
    assert found is not None
    assert found.disabled_at is None


async def test_replays_count_up_whoever_asks_at_once(desk: Desk) -> None:
    [id_] = await desk.event(1)
    made = await asyncio.gather(*(desk.store.replay(FIRST, id_, NOW) for _ in range(3)))
    assert sorted(row.replay for row in made if row is not None) == [1, 2, 3]
    assert await desk.store.replay(SECOND, id_, NOW) is None
    assert await desk.store.replay(FIRST, "unknown", NOW) is None


async def test_pages_go_from_the_newest_to_the_oldest_and_miss_nothing(desk: Desk) -> None:
    for number in range(5):
        await desk.event(number, at=NOW + timedelta(seconds=number // 2))
    seen: list[int] = []
    before = None
    while page := await desk.store.page(FIRST, before=before, limit=2, state="pending"):
        seen += [row.offset for row in page]
        before = (page[-1].created_at, page[-1].id)
    assert sorted(seen) == [0, 1, 2, 3, 4]
    assert seen[0] == 4
    assert await desk.store.page(FIRST, before=None, limit=9, state="failed") == []


async def test_what_ended_long_ago_is_forgotten_with_its_tries(desk: Desk) -> None:
    [old], [new] = await desk.event(1), await desk.event(2)
    for due in await desk.claim():
        ended_at = NOW if due.delivery.id == old else NOW + LEASE
        await desk.store.end(due, Ended("delivered", TRIED), ended_at)
    await desk.event(3)
    assert await desk.store.purge(NOW + timedelta(seconds=1), 10) == 1
    rows = await desk.store.page(FIRST, before=None, limit=9, state=None)
    assert sorted(row.offset for row in rows) == [2, 3]
    assert await desk.store.attempts([old, new]) == {old: [], new: [TRIED]}


async def test_a_deleted_webhook_takes_its_deliveries_with_it(desk: Desk) -> None:
    [id_] = await desk.event(1)
    [due] = await desk.claim()
    await desk.webhooks.delete(desk.place.organisation, FIRST)
    assert not await desk.store.end(due, Ended("delivered", TRIED), NOW)
    assert await desk.store.by_ids([id_]) == []
