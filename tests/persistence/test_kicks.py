"""What is to be closed is written where nodes look for changes of rights, on every kind of store."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection

from persistence.access_changes import AccessChange, AccessChangeStore
from persistence.accounts import AccountStore, NewAccount
from persistence.database import Database
from persistence.kicks import KickStore
from tests.persistence.conftest import Place

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


async def test_a_user_and_a_connection_are_named_with_the_reason(database: Database, place: Place) -> None:
    changes, kicks, told = AccessChangeStore(database), KickStore(database), list[list[str]]()

    def also(_: Connection, organisations: Sequence[str]) -> None:
        told.append(list(organisations))

    ada = (await AccountStore(database).add(place.organisation, NewAccount("a@b.org", "Ada", "admin", "x"), NOW)).id
    behind = await changes.last()
    assert await kicks.user(ada, "too much", also)
    assert not await kicks.user("nobody", "too much", also)
    await kicks.connection("n-1", ada, "too long", also)
    await kicks.connection("n-2", None, "too long", also)
    found = await changes.after(behind)
    assert [(each.user, each.connection, each.reason) for each in found] == [
        (ada, None, "too much"),
        (ada, "n-1", "too long"),
        (None, "n-2", "too long"),
    ]
    assert told == [[place.organisation], [place.organisation], []]
    assert found[0] == AccessChange(found[0].id, None, ada, None, None, None, "too much")
