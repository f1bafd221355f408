"""Subscriptions to push messages on every kind of store."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import insert, update

from persistence.accounts import AccountStore
from persistence.credentials import CredentialStore
from persistence.database import Database
from persistence.push import PushRow, PushStore, SessionGone, TooManyDevices
from persistence.tables.identity import organisation_members, users
from tests.persistence.conftest import Place

NOW = datetime(2026, 11, 23, 9, 0, 0, 123456, tzinfo=UTC)
Places = Callable[[], Awaitable[Place]]


def subscription(place: Place, endpoint: str = "https://push.example.net/é", **changes: object) -> PushRow:
    row = PushRow(uuid4().hex, place.user, None, endpoint, "p" * 87, "a" * 22, "Firefox on Linux", NOW)
    return replace(row, **changes)  # type: ignore[arg-type]


@pytest.fixture
def store(database: Database) -> PushStore:
    return PushStore(database)


@pytest.fixture
def credentials(database: Database) -> CredentialStore:
    return CredentialStore(database)


async def session(credentials: CredentialStore, place: Place, until: datetime = NOW + timedelta(days=1)) -> str:
    return await credentials.add_session(uuid4().hex, place.user, place.organisation, NOW, until)


async def test_a_subscription_comes_back_as_it_was_and_only_to_its_owner(store: PushStore, place: Place) -> None:
    row = subscription(place)
    assert await store.keep(row, 10) == row
    assert await store.all(place.user) == await store.reachable(place.user) == [row]
    assert await store.can_reach(place.user)
    assert not await store.can_reach("another")
    assert not await store.delete("another", row.id)
    assert await store.delete(place.user, row.id)
    assert not await store.delete(place.user, row.id)
    assert not await store.can_reach(place.user)


async def test_a_browser_that_comes_again_is_the_same_one(store: PushStore, place: Place) -> None:
    first = await store.keep(subscription(place), 1)
    await store.tell([first.id], {first.id: "it has answered 500"}, [], NOW)
    again = await store.keep(subscription(place, p256dh="q" * 87, auth="b" * 22, device="Phone"), 1)
    assert again == replace(first, p256dh="q" * 87, auth="b" * 22, device="Phone", last_sent_at=NOW)
    assert await store.all(place.user) == [again]


async def test_a_browser_that_somebody_else_uses_now_is_his_and_a_new_one(store: PushStore, make_place: Places) -> None:
    ada, ben = await make_place(), await make_place()
    former = await store.keep(subscription(ada), 10)
    now = await store.keep(subscription(ben), 10)
    assert await store.all(ada.user) == []
    assert [row.id for row in await store.all(ben.user)] == [now.id] != [former.id]


async def test_an_endpoint_takes_the_place_of_another(store: PushStore, place: Place, make_place: Places) -> None:
    former = await store.keep(subscription(place, "https://push.example.net/1"), 2)
    now = await store.keep(subscription(place, "https://push.example.net/2"), 1, "https://push.example.net/1")
    assert (now.id, now.endpoint) == (former.id, "https://push.example.net/2")
    other = await store.keep(subscription(place, "https://push.example.net/3"), 2)
    both = await store.keep(subscription(place, "https://push.example.net/3"), 2, "https://push.example.net/2")
    assert [row.id for row in await store.all(place.user)] == [both.id] == [other.id]
    stranger = await make_place()
    await store.keep(subscription(stranger, "https://push.example.net/4"), 2, "https://push.example.net/3")
    assert len(await store.all(place.user)) == 1, "nobody takes the place of somebody else's"


async def test_there_are_never_more_than_the_most(store: PushStore, place: Place) -> None:
    await store.keep(subscription(place), 1)
    with pytest.raises(TooManyDevices):
        await store.keep(subscription(place, "https://push.example.net/2"), 1)


async def test_a_browser_that_comes_many_times_at_once_is_one(store: PushStore, make_place: Places) -> None:
    people = [await make_place() for _ in range(2)]
    await asyncio.gather(*(store.keep(subscription(people[number % 2]), 10) for number in range(5)))
    rows = [row for place in people for row in await store.all(place.user)]
    assert len(rows) == 1


async def test_what_became_of_a_message(store: PushStore, place: Place) -> None:
    rows = [await store.keep(subscription(place, f"https://push.example.net/{n}"), 10) for n in range(3)]
    taken, wrong, gone = sorted(rows, key=lambda row: row.id)
    await store.tell([taken.id], {wrong.id: "it has answered 403"}, [gone], NOW)
    assert await store.reachable(place.user) == [
        replace(taken, last_sent_at=NOW),
        replace(wrong, last_error="it has answered 403"),
    ]
    moved = await store.keep(subscription(place, "https://push.example.net/new"), 10, taken.endpoint)
    await store.tell([], {}, [taken], NOW)
    assert moved.id in {row.id for row in await store.all(place.user)}, "it has come with another endpoint meanwhile"


async def test_nothing_goes_to_an_account_that_is_not_active(
    database: Database, store: PushStore, place: Place
) -> None:
    await store.keep(subscription(place), 10)
    await database.write(lambda connection: connection.execute(update(users).values(active=False)))
    assert await store.reachable(place.user) == []
    assert not await store.can_reach(place.user)


async def test_a_subscription_ends_with_its_session(
    store: PushStore, credentials: CredentialStore, place: Place
) -> None:
    mine, other = await session(credentials, place), await session(credentials, place)
    await store.keep(subscription(place, session_id=mine), 10)
    await credentials.end_session(other)
    assert await store.can_reach(place.user)
    await credentials.end_session(mine)
    assert not await store.can_reach(place.user)
    with pytest.raises(SessionGone):
        await store.keep(subscription(place, session_id=mine), 10)


async def test_a_subscription_outlives_a_session_that_runs_out(
    store: PushStore, credentials: CredentialStore, place: Place
) -> None:
    mine = await session(credentials, place, NOW)
    await store.keep(subscription(place, session_id=mine), 10)
    await session(credentials, place)
    assert await credentials.session_by_id(mine) is None, "it is swept when the next one begins"
    assert await store.can_reach(place.user)


async def test_a_new_password_ends_those_of_all_other_sessions(
    database: Database, store: PushStore, credentials: CredentialStore, place: Place
) -> None:
    mine, other = await session(credentials, place), await session(credentials, place)
    for number, each in enumerate((mine, other, None)):
        await store.keep(subscription(place, f"https://push.example.net/{number}", session_id=each), 10)
    await AccountStore(database).set_password(place.user, "hash", mine)
    assert [row.session_id for row in await store.all(place.user)] == [mine]


async def test_an_administrator_who_ends_all_sessions_ends_all_of_them(
    database: Database, store: PushStore, place: Place
) -> None:
    member = insert(organisation_members).values(
        organisation_id=place.organisation, user_id=place.user, role="viewer", joined_at=NOW
    )
    await database.write(lambda connection: connection.execute(member))
    await store.keep(subscription(place), 10)
    accounts = AccountStore(database)
    await accounts.change(place.organisation, place.user, {"name": "Ada L."})
    assert await store.can_reach(place.user)
    await accounts.change(place.organisation, place.user, {"active": False})
    assert await store.all(place.user) == []
