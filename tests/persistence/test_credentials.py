"""Sessions, tokens and tickets as rows, on each store."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from persistence.accounts import AccountStore, NewAccount
from persistence.credentials import CredentialStore, NewToken
from persistence.database import Database
from persistence.tables.identity import organisation_members, sessions, tickets

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
HASH = "a" * 64


@pytest.fixture
def store(database: Database) -> CredentialStore:
    return CredentialStore(database)


@pytest.fixture
async def owner(database: Database) -> tuple[str, str]:
    """(user, organisation)"""
    accounts = AccountStore(database)
    home = (await accounts.add_organisation("Acme", NOW)).id
    return (await accounts.add(home, NewAccount("ada@example.org", "Ada", "admin", "x"), NOW)).id, home


async def test_a_session_is_known_by_its_hash_with_its_owner_of_today(
    store: CredentialStore, owner: tuple[str, str], database: Database
) -> None:
    session = await store.add_session(HASH, *owner, NOW, LATER)
    row = await store.session(HASH)
    assert row is not None
    assert (row.id, row.user_id, row.organisation_id, row.role, row.active) == (session, *owner, "admin", True)
    assert (row.last_used_at, row.expires_at, row.scopes) == (NOW, LATER, None)
    assert await store.session("b" * 64) is None
    await database.write(lambda connection: connection.execute(organisation_members.delete()))
    assert await store.session(HASH) is None, "who is no member has no session there"


async def test_an_ended_session_is_gone(store: CredentialStore, owner: tuple[str, str]) -> None:
    session = await store.add_session(HASH, *owner, NOW, LATER)
    await store.end_session(session)
    assert await store.session(HASH) is None
    await store.end_session(session)


async def test_expired_sessions_and_tickets_are_swept(
    store: CredentialStore, owner: tuple[str, str], database: Database
) -> None:
    await store.add_session(HASH, *owner, NOW, LATER)
    await store.add_ticket(HASH, {}, None, NOW, LATER)
    await store.add_session("b" * 64, *owner, LATER, LATER + timedelta(hours=1))
    await store.add_ticket("b" * 64, {}, None, LATER, LATER + timedelta(hours=1))
    for table in (sessions, tickets):
        query = select(table.c.token_hash)
        kept = await database.read(lambda connection, query=query: connection.execute(query).scalars().all())
        assert kept == ["b" * 64]


async def test_a_token_is_listed_used_and_deleted_by_its_owner(store: CredentialStore, owner: tuple[str, str]) -> None:
    user, home = owner
    made = await store.add_token(user, home, NewToken(HASH, "bot", ["account"], None), NOW)
    assert await store.tokens(user, home) == [made]
    await store.touch("token", made.id, user, LATER)
    row = await store.token(HASH)
    assert row is not None
    assert (row.scopes, row.last_used_at, row.expires_at) == (["account"], LATER, None)
    assert not await store.delete_token("0" * 32, home, made.id)
    assert not await store.delete_token(user, "0" * 32, made.id)
    assert await store.delete_token(user, home, made.id)
    assert await store.token(HASH) is None


async def test_of_many_who_show_a_ticket_at_once_one_gets_it(store: CredentialStore) -> None:
    await store.add_ticket(HASH, {"user_id": "u"}, "d", NOW, LATER)
    taken = await asyncio.gather(*(store.take_ticket(HASH, NOW) for _ in range(8)))
    (row,) = [row for row in taken if row is not None]
    assert (row.caller, row.document) == ({"user_id": "u"}, "d")


async def test_an_old_ticket_is_no_good(store: CredentialStore) -> None:
    await store.add_ticket(HASH, {}, None, NOW, LATER)
    assert await store.take_ticket(HASH, LATER) is None
