"""Every change of rights leaves a row in its own transaction, which any node can find."""

from datetime import UTC, datetime, timedelta

import pytest

from persistence import access_changes as module
from persistence.access_changes import AccessChangeStore, note_access
from persistence.accounts import AccountStore, NewAccount
from persistence.credentials import CredentialStore, NewToken
from persistence.database import Database
from persistence.documents import DocumentStore
from persistence.workspaces import WorkspaceStore
from tests.persistence.conftest import Place

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


async def named_since(store: AccessChangeStore, behind: int) -> list[tuple[str | None, ...]]:
    return [(each.organisation, each.user, each.credential, each.document) for each in await store.after(behind)]


async def test_what_takes_a_right_away_says_whose(database: Database, place: Place, document: str) -> None:
    store, credentials, accounts = AccessChangeStore(database), CredentialStore(database), AccountStore(database)
    organisation = place.organisation
    user = (await accounts.add(organisation, NewAccount("ada@example.org", "Ada", "editor", "x"), NOW)).id
    session = await credentials.add_session("a" * 64, user, organisation, NOW, NOW + timedelta(hours=1))
    token = (await credentials.add_token(user, organisation, NewToken("b" * 64, "t", [], None), NOW)).id
    behind = await store.last()
    await credentials.end_session(session)
    await credentials.end_session(session)
    assert await credentials.delete_token(user, organisation, token)
    assert not await credentials.delete_token(user, organisation, token)
    await accounts.set_password(user, "x", None)
    await accounts.change(organisation, user, {"name": "Another"})
    await DocumentStore(database).delete(organisation, document, NOW)
    await DocumentStore(database).restore(organisation, document, NOW)
    await WorkspaceStore(database).delete(place.workspace, NOW)
    assert await named_since(store, behind) == [
        (organisation, user, session, None),
        (organisation, user, token, None),
        (None, user, None, None),
        (None, user, None, None),
        (None, None, None, document),
        (organisation, None, None, None),
    ]


async def test_a_change_that_is_rolled_back_is_told_to_nobody(database: Database) -> None:
    store = AccessChangeStore(database)

    def work(connection: object) -> None:
        note_access(connection, user="u")  # type: ignore[arg-type]
        raise LookupError

    with pytest.raises(LookupError):
        await database.write(work)
    assert await store.after(0) == []


async def test_many_are_read_in_parts_and_the_oldest_are_purged(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AT_ONCE", 3)
    monkeypatch.setattr(module, "KEPT", 5)
    store = AccessChangeStore(database)
    assert await store.purge() == 0
    for number in range(10):
        await database.write(lambda connection, number=number: note_access(connection, user=str(number)))
    assert [each.user for each in await store.after(0)] == [str(number) for number in range(10)]
    assert await store.purge() == 5
    assert [each.user for each in await store.after(0)] == ["5", "6", "7", "8", "9"]
