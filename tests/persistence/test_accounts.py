"""Accounts as rows, on each store."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from persistence.accounts import (
    AccountStore,
    EmailTaken,
    LastAdmin,
    NewAccount,
    OrganisationTaken,
    folded_email,
    slug_of,
)
from persistence.credentials import CredentialStore
from persistence.database import Database

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
HASH = "$argon2id$..."


@pytest.fixture
def store(database: Database) -> AccountStore:
    return AccountStore(database)


@pytest.fixture
async def home(store: AccountStore) -> str:
    return (await store.add_organisation("Acme Ltd", NOW)).id


def account(email: str, role: str = "admin") -> NewAccount:
    return NewAccount(email, email.partition("@")[0], role, HASH)


async def test_an_organisation_is_found_by_name_and_slug(store: AccountStore, home: str) -> None:
    for name in ("Acme Ltd", "acme-ltd"):
        found = await store.organisation(name)
        assert found is not None
        assert found.id == home
    assert await store.organisation("Acme") is None


@pytest.mark.parametrize("name", ["Acme Ltd", "acme-ltd", "ACME LTD!"])
async def test_no_two_organisations_answer_to_one_name(name: str, store: AccountStore, home: str) -> None:
    with pytest.raises(OrganisationTaken):
        await store.add_organisation(name, NOW)


async def test_an_address_has_one_account_whatever_its_case(store: AccountStore, home: str) -> None:
    made = await store.add(home, account("Ada@Example.org"), NOW)
    assert (made.email, made.role, made.active, made.created_at) == ("ada@example.org", "admin", True, NOW)
    with pytest.raises(EmailTaken):
        await store.add(home, account(" ADA@example.ORG"), NOW)
    login = await store.login("aDa@example.org ")
    assert login is not None
    assert (login.user_id, login.organisation_id, login.password_hash) == (made.id, home, HASH)
    assert await store.login("ben@example.org") is None


async def test_another_organisations_users_are_not_there(store: AccountStore, home: str) -> None:
    other = (await store.add_organisation("Globex", NOW)).id
    ada = await store.add(home, account("ada@example.org"), NOW)
    assert await store.account(other, ada.id) is None
    assert await store.accounts(other) == []
    assert await store.change(other, ada.id, {"name": "Eve", "active": False}) is None
    assert await store.account(home, ada.id) == ada


async def test_a_change_changes_what_it_names(store: AccountStore, home: str) -> None:
    await store.add(home, account("ada@example.org"), NOW)
    ben = await store.add(home, account("ben@example.org"), NOW)
    changed = await store.change(home, ben.id, {"role": "viewer", "name": "Benjamin"})
    assert changed is not None
    assert (changed.role, changed.name, changed.active) == ("viewer", "Benjamin", True)


@pytest.mark.parametrize("change", [{"role": "viewer"}, {"active": False}])
async def test_of_administrators_who_leave_at_once_one_stays(
    change: dict[str, object], store: AccountStore, home: str
) -> None:
    admins = [await store.add(home, account(f"a{n}@example.org"), NOW) for n in range(4)]
    results = await asyncio.gather(
        *(store.change(home, admin.id, dict(change)) for admin in admins), return_exceptions=True
    )
    assert sum(isinstance(result, LastAdmin) for result in results) == 1
    left = [row for row in await store.accounts(home) if row.role == "admin" and row.active]
    assert len(left) == 1


async def test_a_new_password_or_an_end_takes_the_sessions_with_it(
    store: AccountStore, home: str, database: Database
) -> None:
    await store.add(home, account("ada@example.org"), NOW)
    ben = (await store.add(home, account("ben@example.org"), NOW)).id
    credentials = CredentialStore(database)
    later = NOW + timedelta(hours=1)
    kept, ended = [await credentials.add_session(text, ben, home, NOW, later) for text in ("a" * 64, "b" * 64)]
    await store.set_password(ben, "new", keep_session=kept)
    assert await credentials.session_by_id(kept)
    assert await credentials.session_by_id(ended) is None
    assert await store.password_hash(ben) == "new"
    await store.change(home, ben, {"active": False})
    assert await credentials.session_by_id(kept) is None


async def test_a_subject_is_one_user_of_one_organisation_even_when_it_comes_many_times_at_once(
    store: AccountStore, home: str
) -> None:
    other = (await store.add_organisation("Globex", NOW)).id
    same = await asyncio.gather(*(store.external(home, "u-1", "Grace", "viewer", NOW) for _ in range(8)))
    assert len({row.id for row in same}) == 1
    assert (await store.external(other, "u-1", "Grace", "viewer", NOW)).id != same[0].id
    renamed = await store.external(home, "u-1", "Grace Hopper", "viewer", NOW)
    assert (renamed.id, renamed.name, renamed.email) == (same[0].id, "Grace Hopper", None)


async def test_a_set_up_link_makes_one_account(store: AccountStore, home: str) -> None:
    assert not await store.has_passwords()
    await store.offer_setup("a" * 64, NOW, NOW + timedelta(hours=1))
    await store.offer_setup("b" * 64, NOW, NOW + timedelta(hours=1))
    assert await store.set_up("a" * 64, home, account("eve@example.net"), NOW) is None
    assert await store.set_up("b" * 64, home, account("eve@example.net"), NOW + timedelta(hours=1)) is None
    results = await asyncio.gather(*(store.set_up("b" * 64, home, account(f"a{n}@x.org"), NOW) for n in range(8)))
    assert sum(result is not None for result in results) == 1
    assert await store.has_passwords()


async def test_nobody_hashes_a_password_back_to_an_old_one(store: AccountStore, home: str) -> None:
    ada = await store.add(home, account("ada@example.org"), NOW)
    await store.set_password(ada.id, "newer", keep_session=None)
    await store.replace_hash(ada.id, HASH, "rehashed old one")
    assert await store.password_hash(ada.id) == "newer"


def test_addresses_and_slugs_are_folded() -> None:
    assert folded_email(" STRASSE@Example.ORG ") == folded_email("straße@example.org")
    assert slug_of("  Äther & Co.  KG ") == "ather-co-kg"
    assert slug_of("複音") == ""
    assert len(slug_of("x" * 200)) == 64
