"""Workspaces, answers and projections on every kind of store."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from persistence.accounts import AccountStore, NewAccount
from persistence.answers import Answer, AnswerStore, ClaimLost
from persistence.database import Database
from persistence.documents import DocumentStore, NewDocument
from persistence.projections import ProjectionRow, ProjectionStore
from persistence.workspaces import LastOwner, NameTaken, WorkspaceRow, WorkspaceStore
from server.identity.roles import OrganisationRole

NOW = datetime(2026, 11, 22, 23, 6, 0, 123456, tzinfo=UTC)


async def people(database: Database, *emails: str) -> tuple[str, list[str]]:
    accounts = AccountStore(database)
    organisation = (await accounts.add_organisation("Default", NOW)).id
    made = [
        await accounts.add(organisation, NewAccount(email, email, OrganisationRole.ADMIN, "x"), NOW) for email in emails
    ]
    return organisation, [account.id for account in made]


def row(organisation: str, owner: str, name: str, at: datetime = NOW) -> WorkspaceRow:
    return WorkspaceRow(uuid4().hex, organisation, owner, name, "security", "", {"notify": True}, at, at)


async def test_a_workspace_comes_back_as_it_was_written(database: Database) -> None:
    organisation, [ada] = await people(database, "ada@example.org")
    store, new = WorkspaceStore(database), row(organisation, ada, "Fuge")
    await store.create(new)
    assert await store.get(organisation, new.id) == new
    assert await store.get("b" * 32, new.id) is None
    assert [member.role for member in (await store.members([new.id]))[new.id]] == ["owner"]


async def test_a_name_is_free_again_after_a_deletion(database: Database) -> None:
    organisation, [ada] = await people(database, "ada@example.org")
    store = WorkspaceStore(database)
    first, second = row(organisation, ada, "Fuge"), row(organisation, ada, "Fuge")
    await store.create(first)
    with pytest.raises(NameTaken):
        await store.create(second)
    await store.delete(first.id, NOW)
    await store.create(second)
    with pytest.raises(NameTaken):
        await store.restore(first.id, NOW)
    assert await store.get(organisation, first.id) is None
    assert await store.get(organisation, first.id, deleted=True) is not None


async def test_pages_are_exact_where_many_were_made_in_one_moment(database: Database) -> None:
    organisation, [ada] = await people(database, "ada@example.org")
    store = WorkspaceStore(database)
    rows = [row(organisation, ada, f"w{n}", NOW + timedelta(microseconds=n // 2)) for n in range(6)]
    for each in rows:
        await store.create(each)
    found: list[str] = []
    before = None
    while page := await store.page(organisation, member=ada, kind=None, before=before, limit=2):
        found += [each.id for each in page]
        before = (page[-1].created_at, page[-1].id)
    assert found == [each.id for each in sorted(rows, key=lambda each: (each.created_at, each.id), reverse=True)]


async def test_the_workspaces_of_a_member_are_those_that_are_there(database: Database) -> None:
    organisation, [ada, ben] = await people(database, "ada@example.org", "ben@example.org")
    store = WorkspaceStore(database)
    rows = [row(organisation, ada, f"w{n}", NOW + timedelta(seconds=n)) for n in range(3)]
    for each in rows:
        await store.create(each)
    await store.delete(rows[1].id, NOW)
    await store.add_member(rows[2].id, ben, "viewer", NOW)
    assert await store.ids_of_member(organisation, ada) == [rows[2].id, rows[0].id]
    assert await store.ids_of_member(organisation, ben) == [rows[2].id]
    assert await store.ids_of_member("b" * 32, ben) == []


async def test_the_last_owner_stays_and_a_leaving_one_hands_over(database: Database) -> None:
    organisation, [ada, ben] = await people(database, "ada@example.org", "ben@example.org")
    store, new = WorkspaceStore(database), row(organisation, ada, "Fuge")
    await store.create(new)
    with pytest.raises(LastOwner):
        await store.remove_member(new.id, ada)
    assert await store.add_member(new.id, ben, "editor", NOW)
    assert not await store.add_member(new.id, ben, "viewer", NOW)
    await store.set_role(new.id, ben, "owner")
    await store.set_role(new.id, ada, "viewer")
    workspace = await store.get(organisation, new.id)
    assert workspace is not None
    assert workspace.owner_id == ben


async def test_a_key_is_claimed_once_answered_again_and_forgotten_after_a_day(database: Database) -> None:
    _, [ada] = await people(database, "ada@example.org")
    store = AnswerStore(database)
    assert await store.claim(ada, "k", "h", NOW) is None
    assert await store.claim(ada, "k", "h", NOW) == Answer("h", 0, "")
    await store.keep(ada, "k", 201, "{}")
    assert await store.claim(ada, "k", "h", NOW + timedelta(hours=23)) == Answer("h", 201, "{}")
    assert await store.claim(ada, "k", "h", NOW + timedelta(hours=25)) is None
    await store.release(ada, "k", NOW + timedelta(hours=25))
    assert await store.claim(ada, "k", "h", NOW) is None
    assert await store.claim(ada, "k", "h", NOW + timedelta(minutes=2)) is None  # its process died


async def test_what_is_made_under_a_key_is_made_once_whoever_was_given_up_for_dead(database: Database) -> None:
    _, [ada] = await people(database, "ada@example.org")
    store, later = AnswerStore(database), NOW + timedelta(minutes=2)
    assert await store.claim(ada, "k", "h", NOW) is None
    first = store.note(ada, "k", NOW)
    assert await store.claim(ada, "k", "h", later) is None, "the first one stood still for too long"
    with pytest.raises(ClaimLost):
        await database.write(lambda connection: first(connection, "a"))
    await store.release(ada, "k", NOW)
    await store.keep(ada, "k", 201, "of the first", NOW)
    assert await store.claim(ada, "k", "h", later) == Answer("h", 0, "")
    second = store.note(ada, "k", later)
    await database.write(lambda connection: second(connection, "b"))
    with pytest.raises(ClaimLost):
        await database.write(lambda connection: second(connection, "c"))
    assert await store.claim(ada, "k", "h", later) == Answer("h", 0, "", "b")


async def test_a_projection_is_stale_until_it_reaches_the_head_and_never_goes_back(database: Database) -> None:
    organisation, [ada] = await people(database, "ada@example.org")
    workspace = row(organisation, ada, "Fuge")
    await WorkspaceStore(database).create(workspace)
    new = NewDocument(organisation, workspace.id, "Score", "report", ada, seed=b"\x00\x00")
    document = (await DocumentStore(database).create(new, NOW)).id
    store = ProjectionStore(database)
    assert await store.stale(10) == [document]
    await store.put(ProjectionRow(document, 1, "é🎼", None), NOW)
    assert await store.stale(10) == []
    await store.put(ProjectionRow(document, 0, "older", None), NOW)
    assert (await store.texts([document]))[document].text == "é🎼"
    assert (await store.measures([document]))[document].characters == 2
