"""Chat addresses on every kind of store."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import update

from persistence.chat import ChatRow, ChatStore, TooManyChats, sealed_chats
from persistence.database import Database
from persistence.tables.identity import users
from tests.persistence.conftest import Place

NOW = datetime(2026, 11, 23, 9, 0, 0, 123456, tzinfo=UTC)


async def test_addresses_are_their_owners_until_he_removes_them(database: Database, place: Place) -> None:
    store = ChatStore(database)
    assert not await store.can_reach(place.user)
    row = ChatRow(uuid4().hex, place.user, "Slack", "Team", "v1.k.sealed", NOW)
    await store.add(row, 1)
    with pytest.raises(TooManyChats):
        await store.add(row, 1)
    assert (await store.can_reach(place.user), await sealed_chats(database)) == (True, ["v1.k.sealed"])
    await store.tell(row.id, NOW, "it has answered 404")
    [told] = await store.all(place.user)
    assert (told.last_sent_at, told.last_error) == (None, "it has answered 404")
    await store.tell(row.id, NOW, None)
    [told] = await store.all(place.user)
    assert (told.last_sent_at, told.last_error) == (NOW, None)
    await database.write(lambda connection: connection.execute(update(users).values(active=False)))
    assert not await store.can_reach(place.user)
    assert not await store.delete("0" * 32, row.id)
    assert await store.delete(place.user, row.id)
    assert await store.all(place.user) == []
