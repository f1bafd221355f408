"""Groups of people in both kinds of store."""

import uuid
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import insert

from persistence.database import Database
from persistence.groups import GroupNameTaken, GroupRow, GroupStore
from persistence.tables.identity import organisation_members
from tests.persistence.conftest import NOW, Place


@pytest.fixture
def store(database: Database) -> GroupStore:
    return GroupStore(database)


@pytest.fixture
async def member(database: Database, place: Place) -> str:
    """A user of the organisation."""
    row = {"organisation_id": place.organisation, "user_id": place.user, "role": "viewer", "joined_at": NOW}
    await database.write(lambda connection: connection.execute(insert(organisation_members).values(row)))
    return place.user


def group(place: Place, name: str) -> GroupRow:
    return GroupRow(uuid.uuid4().hex, place.organisation, name, NOW)


async def test_groups_are_listed_by_name_with_their_members(store: GroupStore, place: Place, member: str) -> None:
    winds, strings = group(place, "Winds"), group(place, "Strings")
    for each in winds, strings:
        await store.create(each)
    for _ in range(2):
        assert await store.add_member(place.organisation, winds.id, member, NOW)
    found = await store.all(place.organisation)
    assert [(each.name, each.members) for each in found] == [("Strings", ()), ("Winds", ((member, "Ada"),))]
    assert await store.members(place.organisation, [winds.id, "nowhere"]) == {winds.id: [member]}
    assert await store.remove_member(place.organisation, winds.id, member)
    assert await store.members(place.organisation, [winds.id]) == {winds.id: []}


async def test_a_name_is_taken_once(store: GroupStore, place: Place) -> None:
    winds, strings = group(place, "Winds"), group(place, "Strings")
    for each in winds, strings:
        await store.create(each)
    with pytest.raises(GroupNameTaken):
        await store.create(group(place, "Winds"))
    with pytest.raises(GroupNameTaken):
        await store.rename(place.organisation, strings.id, "Winds")
    assert await store.rename(place.organisation, strings.id, "Brass")


async def test_another_organisations_group_is_not_there(
    store: GroupStore, place: Place, member: str, make_place: Callable[[], Awaitable[Place]]
) -> None:
    winds, other = group(place, "Winds"), await make_place()
    await store.create(winds)
    assert await store.all(other.organisation) == []
    assert await store.get(other.organisation, winds.id) is None
    assert not await store.rename(other.organisation, winds.id, "x")
    assert not await store.delete(other.organisation, winds.id)
    assert not await store.add_member(other.organisation, winds.id, member, NOW)
    assert not await store.add_member(place.organisation, winds.id, other.user, NOW), "nobody of this organisation"
    assert await store.delete(place.organisation, winds.id)
    assert await store.all(place.organisation) == []
