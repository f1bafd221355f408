"""The standing of a user, a credential and a document, on each store, always by one query."""

from datetime import timedelta

import pytest
from sqlalchemy import event, update

from persistence.access import AccessStore, CredentialKind
from persistence.credentials import CredentialStore, NewToken
from persistence.database import Database
from persistence.documents import DocumentStore
from persistence.tables.identity import organisation_members, users
from persistence.tables.workspaces import workspace_members
from tests.persistence.conftest import NOW, Place

LATER = NOW + timedelta(hours=1)


@pytest.fixture
async def place(make_place, database: Database) -> Place:  # type: ignore[no-untyped-def]
    place: Place = await make_place()
    joined = {"user_id": place.user, "role": "editor", "joined_at": NOW}

    def work(connection) -> None:  # type: ignore[no-untyped-def]
        connection.execute(organisation_members.insert().values(organisation_id=place.organisation, **joined))
        connection.execute(workspace_members.insert().values(workspace_id=place.workspace, **joined))

    await database.write(work)
    return place


@pytest.fixture
async def document(place: Place, database: Database) -> str:
    return (await DocumentStore(database).create(place.document(external_name="plan"), NOW)).id


async def test_everything_is_told(place: Place, document: str, database: Database) -> None:
    session = await CredentialStore(database).add_session("a" * 64, place.user, place.organisation, NOW, LATER)
    ask = {"organisation": place.organisation, "document": document}
    standing = await AccessStore(database).standing("session", session, place.user, **ask, now=NOW)
    assert standing.credential_holds
    assert (standing.organisation_role, standing.workspace_role, standing.deleted) == ("editor", "editor", False)
    assert (standing.document_id, standing.external_name) == (document, "plan")
    assert standing.incarnation


async def test_it_is_one_query(place: Place, document: str, database: Database) -> None:
    asked: list[str] = []
    engine = await database.read(lambda connection: connection.engine)
    event.listen(engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    await AccessStore(database).standing(
        "session", "0" * 32, place.user, organisation=place.organisation, document=document, now=NOW
    )
    assert len([query for query in asked if query.startswith("SELECT")]) == 1


@pytest.mark.parametrize("kind", ["session", "token"])
async def test_a_credential_holds_for_its_owner_until_its_end(
    kind: CredentialKind, place: Place, document: str, database: Database
) -> None:
    store, access = CredentialStore(database), AccessStore(database)
    if kind == "session":
        credential = await store.add_session("a" * 64, place.user, place.organisation, NOW, LATER)
    else:
        new = NewToken("a" * 64, "bot", [], LATER)
        credential = (await store.add_token(place.user, place.organisation, new, NOW)).id
    ask = {"organisation": place.organisation, "document": document}
    assert (await access.standing(kind, credential, place.user, **ask, now=NOW)).credential_holds
    assert not (await access.standing(kind, credential, place.user, **ask, now=LATER)).credential_holds
    assert not (await access.standing(kind, "0" * 32, place.user, **ask, now=NOW)).credential_holds
    assert not (await access.standing(kind, credential, "0" * 32, **ask, now=NOW)).credential_holds
    inactive = update(users).where(users.c.id == place.user).values(active=False)
    await database.write(lambda connection: connection.execute(inactive))
    assert not (await access.standing(kind, credential, place.user, **ask, now=NOW)).credential_holds


async def test_what_is_deleted_elsewhere_or_not_there_is_told_apart(
    place: Place, document: str, database: Database
) -> None:
    access = AccessStore(database)
    elsewhere = await access.standing("open", "", place.user, organisation="0" * 32, document=document, now=NOW)
    assert (elsewhere.document_id, elsewhere.organisation_role, elsewhere.workspace_role) == (None, None, None)
    await DocumentStore(database).delete(place.organisation, document, NOW)
    ask = {"organisation": place.organisation, "now": NOW}
    gone = await access.standing("open", "", place.user, document=document, **ask)
    assert (gone.document_id, gone.deleted) == (document, True)
    never = await access.standing("open", "", place.user, document="0" * 32, **ask)
    assert (never.document_id, never.deleted) == (None, False)


async def test_by_name_an_id_comes_before_an_external_name_and_an_id_is_no_name(
    place: Place, document: str, database: Database
) -> None:
    impostor = (await DocumentStore(database).create(place.document(external_name=document), NOW)).id

    access = AccessStore(database)

    async def found(name: str, organisation: str = place.organisation) -> str | None:
        ask = {"organisation": organisation, "name": name}
        return (await access.standing_by_name("open", "", place.user, **ask, now=NOW)).document_id

    assert [await found(name) for name in ("plan", document, impostor, "nothing")] == [
        document,
        document,
        impostor,
        None,
    ]
    by_id = await access.standing("open", "", place.user, organisation=place.organisation, document="plan", now=NOW)
    assert by_id.document_id is None
    assert await found("plan", organisation="0" * 32) is None
