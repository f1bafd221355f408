"""What leaves the house, on every kind of store."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from persistence.database import Database
from persistence.notification_deliveries import (
    DueDelivery,
    Ended,
    NewDelivery,
    NotificationDeliveryStore,
    insert_deliveries,
)
from persistence.notification_rows import Activity, NewActivity, TheirActivity
from persistence.notifications import InboxChange, NotificationStore, put_in
from persistence.tables.notifications import notification_deliveries
from tests.persistence.conftest import Place

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def store(database: Database) -> NotificationDeliveryStore:
    return NotificationDeliveryStore(database)


async def queue(database: Database, place: Place, number: int, channel: str, at: datetime = NOW) -> str:
    what = Activity(f"e{number}", "t", None, None, "Ada", "", NOW.isoformat(), None)
    new = NewActivity("mention", f"thread/{number}", "info", "/", None, None, None, what, NOW)

    def work(connection: object) -> str:
        change = put_in(connection, TheirActivity(place.organisation, place.user, new))  # type: ignore[arg-type]
        delivery = NewDelivery(change.item.id, place.organisation, place.user, f"e{number}")
        insert_deliveries(connection, delivery, [(channel, at)], NOW)  # type: ignore[arg-type]
        return change.item.id

    return await database.write(work)


def events(parcels: list[list[DueDelivery]]) -> list[list[str]]:
    return [sorted(each.event_id for each in parcel) for parcel in parcels]


async def test_what_is_due_is_taken_once_until_its_lease_runs_out(
    database: Database, store: NotificationDeliveryStore, place: Place
) -> None:
    assert await store.next_due() is None
    await queue(database, place, 1, "push")
    await queue(database, place, 2, "push", LATER)
    assert await store.next_due() == NOW
    first = await store.claim(NOW, LATER, 10)
    assert (events(first), first[0][0].tries) == ([["e1"]], 1)
    assert await store.claim(NOW, LATER, 10) == []
    assert await store.next_due() == LATER
    again = await store.claim(LATER, LATER + timedelta(minutes=1), 10)
    assert sorted(events(again)) == [["e1"], ["e2"]]


async def test_when_one_mail_is_due_all_that_wait_for_this_person_go_with_it(
    database: Database, store: NotificationDeliveryStore, place: Place
) -> None:
    await queue(database, place, 1, "email")
    await queue(database, place, 2, "email", LATER)
    await queue(database, place, 3, "push")
    assert sorted(events(await store.claim(NOW, LATER, 10))) == [["e1", "e2"], ["e3"]]


async def test_what_was_sent_is_told_and_what_was_not_is_due_again(
    database: Database, store: NotificationDeliveryStore, place: Place
) -> None:
    item = await queue(database, place, 1, "push")
    [parcel] = await store.claim(NOW, LATER, 10)
    await store.end(parcel, Ended("pending", "busy", not_before=LATER), NOW)
    assert await store.next_due() == LATER
    [parcel] = await store.claim(LATER, LATER + timedelta(minutes=1), 10)
    assert parcel[0].tries == 2
    told: list[InboxChange] = []
    await store.end(parcel, Ended("sent"), LATER, lambda _, changes: told.extend(changes))
    assert [(change.item.id, change.item.notified_at) for change in told] == [(item, LATER)]
    assert await store.next_due() is None
    assert await store.purge(LATER, 10) == 0
    assert await store.purge(LATER + timedelta(seconds=1), 10) == 1


async def test_a_look_that_was_no_try_is_not_counted(
    database: Database, store: NotificationDeliveryStore, place: Place
) -> None:
    await queue(database, place, 1, "push")
    [parcel] = await store.claim(NOW, LATER, 10)
    await store.end(parcel, Ended("pending", "quiet", not_before=LATER, counts=False), NOW)
    [parcel] = await store.claim(LATER, LATER, 10)
    assert parcel[0].tries == 1


async def test_what_waits_for_an_item_that_was_removed_is_forgotten(
    database: Database, store: NotificationDeliveryStore, place: Place
) -> None:
    item = await queue(database, place, 1, "push")
    [parcel] = await store.claim(NOW, LATER, 10)
    assert await NotificationStore(database).remove(place.organisation, place.user, item)
    told: list[InboxChange] = []
    await store.end(parcel, Ended("sent"), NOW, lambda _, changes: told.extend(changes))
    assert told == []
    assert await database.read(lambda connection: connection.execute(select(notification_deliveries)).all()) == []
