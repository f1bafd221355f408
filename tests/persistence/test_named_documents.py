"""Documents by name, on each store."""

import asyncio

from sqlalchemy import select

from persistence.database import Database
from persistence.documents import DocumentStore
from persistence.named_documents import WORKSPACE_NAME, NamedDocuments
from persistence.tables.identity import organisation_members
from persistence.tables.workspaces import workspace_members, workspaces
from tests.persistence.conftest import NOW


def named(database: Database) -> NamedDocuments:
    return NamedDocuments(database, DocumentStore(database))


async def test_of_many_who_name_it_first_at_once_all_get_the_same_document(make_place, database: Database) -> None:  # type: ignore[no-untyped-def]
    place = await make_place()
    store = named(database)
    ids = await asyncio.gather(*(store.create_named(place.organisation, "plan", place.user, NOW) for _ in range(8)))
    assert len(set(ids)) == 1
    found = await DocumentStore(database).resolve(place.organisation, "plan")
    assert found is not None
    assert found.id == ids[0]


async def test_the_first_administrator_owns_the_workspace_of_named_documents(make_place, database: Database) -> None:  # type: ignore[no-untyped-def]
    place = await make_place()
    values = {"organisation_id": place.organisation, "user_id": place.user, "role": "admin", "joined_at": NOW}
    await database.write(lambda connection: connection.execute(organisation_members.insert().values(values)))
    await named(database).create_named(place.organisation, "plan", place.user, NOW)
    query = select(workspaces.c.name, workspace_members.c.user_id, workspace_members.c.role).join(workspace_members)
    rows = await database.read(lambda connection: connection.execute(query).all())
    assert [tuple(row) for row in rows] == [(WORKSPACE_NAME, place.user, "owner")]


async def test_without_an_administrator_it_has_no_members_but_in_open_mode(make_place, database: Database) -> None:  # type: ignore[no-untyped-def]
    place, other = await make_place(), await make_place()
    await named(database).create_named(place.organisation, "plan", place.user, NOW)
    await named(database).create_named(other.organisation, "plan", other.user, NOW, author_owns=True)
    rows = await database.read(lambda connection: connection.execute(select(workspace_members.c.user_id)).all())
    assert [row.user_id for row in rows] == [other.user]


async def test_a_workspace_of_the_same_name_is_not_in_the_way(make_place, database: Database) -> None:  # type: ignore[no-untyped-def]
    place = await make_place()
    taken = workspaces.update().where(workspaces.c.id == place.workspace).values(name=WORKSPACE_NAME)
    await database.write(lambda connection: connection.execute(taken))
    assert await named(database).create_named(place.organisation, "plan", place.user, NOW)
