"""What people want to be told of, and whom something concerns, on every kind of store."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from persistence.database import Database
from persistence.documents import DocumentStore
from persistence.notification_wishes import WishStore
from persistence.tables.identity import users
from persistence.workspaces import WorkspaceStore
from tests.persistence.conftest import Place

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def store(database: Database) -> WishStore:
    return WishStore(database)


async def test_the_last_wishes_count_and_only_in_their_organisation(store: WishStore, place: Place) -> None:
    assert await store.preferences(place.organisation, [place.user]) == {}
    for minutes in (2, 10):
        await store.prefer(place.organisation, place.user, {"digest_minutes": minutes}, NOW)
    assert await store.preferences(place.organisation, [place.user, "x"]) == {place.user: {"digest_minutes": 10}}
    assert await store.preferences("another", [place.user]) == {}


async def test_the_last_level_counts(store: WishStore, documents: DocumentStore, place: Place) -> None:
    document = (await documents.create(place.document(), NOW)).id
    assert await store.level(document, place.user) is None
    for level in ("all", "none", "all"):
        await store.subscribe(document, place.user, level, NOW)
        assert await store.level(document, place.user) == level
    assert await store.subscribers(document, "all") == [place.user]
    assert await store.subscribers(document, "none") == []


async def test_members_are_those_whose_account_may_be_used(database: Database, store: WishStore, place: Place) -> None:
    assert await store.members(place.workspace, [place.user]) == []
    await WorkspaceStore(database).add_member(place.workspace, place.user, "viewer", NOW)
    assert await store.members(place.workspace, [place.user, "x"]) == [place.user]
    assert await store.members("another", [place.user]) == []
    assert await store.is_active(place.user)
    closed = update(users).where(users.c.id == place.user).values(active=False)
    await database.write(lambda connection: connection.execute(closed))
    assert await store.members(place.workspace, [place.user]) == []
    assert not await store.is_active(place.user)
