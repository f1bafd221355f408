"""Invitations on every kind of store."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from persistence.account_rows import EmailTaken, NewAccount
from persistence.accounts import AccountStore
from persistence.database import Database
from persistence.invitations import Accepted, InvitationRow, InvitationStore, Offer, Offered, by_id, by_token
from persistence.workspaces import WorkspaceRow, WorkspaceStore

NOW = datetime(2026, 11, 23, 7, 25, 0, 123456, tzinfo=UTC)
LATER = NOW + timedelta(days=7)
EVE = "eve@example.org"


class Refused(Exception):
    pass


def welcome(_: InvitationRow) -> None:
    """Nothing stands against it."""


def refuse(_: InvitationRow) -> None:
    raise Refused


class House:
    """An organisation with two people, and a workspace of the first."""

    def __init__(self, database: Database) -> None:
        self.store = InvitationStore(database)
        self.accounts = AccountStore(database)
        self.workspaces = WorkspaceStore(database)
        self.workspace = "w" * 32
        self.organisation = self.ada = self.ben = ""

    async def open(self) -> "House":
        self.organisation = (await self.accounts.add_organisation("Default", NOW)).id
        self.ada, self.ben = [await self.account(name) for name in ("ada", "ben")]
        row = WorkspaceRow(self.workspace, self.organisation, self.ada, "Fuge", "security", "", {}, NOW, NOW)
        await self.workspaces.create(row)
        return self

    async def account(self, name: str) -> str:
        new = NewAccount(f"{name}@example.org", name, "data_analyst", "x")
        return (await self.accounts.add(self.organisation, new, NOW)).id

    async def offer(self, token: str = "t1", email: str = EVE, role: str = "editor") -> Offered | None:
        offer = Offer(self.workspace, email, role, "Come.", self.ada)
        return await self.store.offer(offer, token, NOW, LATER, check=welcome)

    async def members(self) -> dict[str, str]:
        return {row.name: row.role for row in (await self.workspaces.members([self.workspace]))[self.workspace]}


@pytest.fixture
async def house(database: Database) -> House:
    return await House(database).open()


async def test_an_invitation_comes_back_with_its_sender_as_he_is_now(house: House) -> None:
    offered = await house.offer()
    assert offered is not None
    assert (offered.user, offered.renewed) == (None, False)
    row = await house.store.get(by_token("t1"))
    assert row == offered.invitation
    assert (row.email, row.role, row.expires_at) == (EVE, "editor", LATER)
    assert (row.inviter_name, row.inviter_role, row.inviter_standing) == ("ada", "owner", "data_analyst")
    assert row.workspace_deleted is False
    await house.workspaces.add_member(house.workspace, house.ben, "owner", NOW)
    await house.workspaces.remove_member(house.workspace, house.ada)
    await house.accounts.change(house.organisation, house.ada, {"active": False})
    now = await house.store.get(by_id(row.id))
    assert now is not None
    assert (now.inviter_role, now.inviter_standing) == (None, None)


async def test_offers_at_once_for_one_address_leave_one_open_invitation(house: House) -> None:
    offers = await asyncio.gather(*(house.offer(f"t{n}") for n in range(4)))
    assert len({offer.invitation.id for offer in offers if offer is not None}) == 1
    assert len(await house.store.page(house.workspace, None, 10, only_open=True)) == 1
    good = [await house.store.get(by_token(f"t{n}")) for n in range(4)]
    assert len([row for row in good if row is not None]) == 1


async def test_what_the_check_says_stands_against_every_change(house: House) -> None:
    offered = await house.offer()
    assert offered is not None
    one, workspace = offered.invitation.id, house.workspace
    with pytest.raises(Refused):
        await house.store.offer(Offer(workspace, EVE, "viewer", "", house.ada), "t2", NOW, LATER, check=refuse)
    with pytest.raises(Refused):
        await house.store.renew(workspace, one, "t2", by=house.ada, now=NOW, expires_at=LATER, check=refuse)
    with pytest.raises(Refused):
        await house.store.revoke(workspace, one, NOW, check=refuse)
    with pytest.raises(Refused):
        await house.store.accept(by_token("t1"), house.ben, NOW, check=refuse)
    assert await house.store.get(by_token("t1")) == offered.invitation


async def test_of_many_who_accept_at_once_one_is_let_in(house: House) -> None:
    await house.offer()
    names = ["eve", "eva", "evi", "evo"]
    users = [await house.account(name) for name in names]
    accepted = await asyncio.gather(*(house.store.accept(by_token("t1"), user, NOW, check=welcome) for user in users))
    [won] = [each for each in accepted if each is not None]
    assert won.joined
    assert await house.members() == {"ada": "owner", won.member.name: "editor"}


async def test_an_account_is_made_with_the_membership_or_not_at_all(house: House) -> None:
    await house.offer(email="ben@example.org")
    new = NewAccount("ben@example.org", "Ben", "viewer", "x")
    with pytest.raises(EmailTaken):
        await house.store.accept_new(by_token("t1"), new, NOW, check=welcome)
    assert len(await house.store.page(house.workspace, None, 10, only_open=True)) == 1
    await house.offer("t2")
    told: list[Accepted] = []
    new = NewAccount(EVE, "Eve", "data_analyst", "x")
    accepted = await house.store.accept_new(
        by_token("t2"), new, NOW, check=welcome, also=lambda _, accepted: told.append(accepted)
    )
    assert told == [accepted]
    assert accepted is not None
    assert accepted.account is not None
    assert accepted.account.id == accepted.member.user_id
    assert await house.members() == {"ada": "owner", "Eve": "editor"}
    assert await house.store.accept_new(by_token("t2"), new, NOW, check=welcome) is None


async def test_a_former_token_and_one_that_was_taken_back_open_nothing(house: House) -> None:
    offered = await house.offer()
    assert offered is not None
    one = offered.invitation.id
    renewed = await house.store.renew(
        house.workspace, one, "t2", by=house.ada, now=NOW, expires_at=LATER, check=welcome
    )
    assert renewed is not None
    assert renewed.renewed
    assert await house.store.get(by_token("t1")) is None
    assert not await house.store.revoke("x" * 32, one, NOW, check=welcome)
    assert await house.store.revoke(house.workspace, one, NOW, check=welcome)
    assert not await house.store.revoke(house.workspace, one, NOW, check=welcome)
    assert await house.store.accept(by_token("t2"), house.ben, NOW, check=welcome) is None
    again = await house.offer("t3")
    assert again is not None
    assert again.invitation.id != one


async def test_a_member_is_not_invited_and_a_colleague_finds_the_own_invitation(house: House) -> None:
    assert await house.offer(email="ada@example.org") is None
    offered = await house.offer(email="ben@example.org")
    assert offered is not None
    assert offered.user == house.ben
    mine = await house.store.open_for(house.organisation, "ben@example.org", NOW)
    assert mine == [offered.invitation]
    assert await house.store.open_for("x" * 32, "ben@example.org", NOW) == []
    assert await house.store.open_for(house.organisation, "ben@example.org", LATER) == []
