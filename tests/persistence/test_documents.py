"""Documents as rows: names, tenants, tombstones."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy.exc import IntegrityError

from persistence.documents import DocumentStore, Resolved
from persistence.log import Batch, Row, SqlDocumentLog
from tests.persistence.conftest import NOW, Place


async def test_a_document_with_a_first_content_has_it_at_position_one(
    documents: DocumentStore, log: SqlDocumentLog, place: Place
) -> None:
    row = await documents.create(place.document(seed=b"seed"), NOW)
    assert (row.version, row.edited_by) == (1, place.user)
    assert [(each.position, each.writer, each.update) for each in await log.read(row.id, 0)] == [
        (1, place.user, b"seed")
    ]


async def test_a_name_is_an_id_or_an_external_name_of_the_callers_organisation(
    documents: DocumentStore, make_place: Callable[[], Awaitable[Place]]
) -> None:
    mine, theirs = await make_place(), await make_place()
    row = await documents.create(mine.document(external_name="notes/today"), NOW)
    other = await documents.create(theirs.document(external_name="notes/today"), NOW)
    assert await documents.resolve(mine.organisation, row.id) == Resolved(row.id, is_deleted=False)
    assert await documents.resolve(mine.organisation, "notes/today") == Resolved(row.id, is_deleted=False)
    assert await documents.resolve(theirs.organisation, "notes/today") == Resolved(other.id, is_deleted=False)
    assert await documents.resolve(theirs.organisation, row.id) is None
    assert await documents.get(theirs.organisation, row.id) is None


async def test_an_id_is_never_shadowed_by_an_external_name(documents: DocumentStore, place: Place) -> None:
    victim = await documents.create(place.document(), NOW)
    await documents.create(place.document(external_name=victim.id), NOW)
    assert await documents.resolve(place.organisation, victim.id) == Resolved(victim.id, is_deleted=False)


async def test_many_who_open_a_new_name_at_once_get_one_document(documents: DocumentStore, place: Place) -> None:
    new = place.document(external_name="new")
    found = await asyncio.gather(*(documents.create_named(new, NOW) for _ in range(8)))
    assert len({each.id for each in found}) == 1


async def test_a_taken_external_name_is_refused(documents: DocumentStore, place: Place) -> None:
    await documents.create(place.document(external_name="x"), NOW)
    with pytest.raises(IntegrityError):
        await documents.create(place.document(external_name="x"), NOW)


async def test_a_tombstone_is_known_by_its_name_and_hidden_otherwise(documents: DocumentStore, place: Place) -> None:
    row = await documents.create(place.document(), NOW)
    assert await documents.delete(place.organisation, row.id, NOW)
    assert not await documents.delete(place.organisation, row.id, NOW)
    assert await documents.get(place.organisation, row.id) is None
    assert await documents.resolve(place.organisation, row.id) == Resolved(row.id, is_deleted=True)
    assert await documents.in_workspaces(place.organisation, [place.workspace]) == []
    assert [each.id for each in await documents.in_workspaces(place.organisation, [place.workspace], deleted=True)] == [
        row.id
    ]
    assert await documents.restore(place.organisation, row.id, NOW)
    assert not await documents.restore(place.organisation, row.id, NOW)
    assert await documents.get(place.organisation, row.id) is not None


async def test_a_list_goes_on_behind_the_last_of_the_page_before(documents: DocumentStore, place: Place) -> None:
    made = sorted([(await documents.create(place.document(), NOW)).id for _ in range(5)])
    first = await documents.in_workspaces(place.organisation, [place.workspace], limit=2)
    rest = await documents.in_workspaces(
        place.organisation, [place.workspace], after=(first[-1].created_at, first[-1].id)
    )
    assert [row.id for row in [*first, *rest]] == made


async def test_only_what_is_given_changes(documents: DocumentStore, place: Place) -> None:
    row = await documents.create(place.document(), NOW)
    assert await documents.update(place.organisation, row.id, NOW, title="New")
    changed = await documents.get(place.organisation, row.id)
    assert changed is not None
    assert (changed.title, changed.type) == ("New", row.type)
    assert not await documents.update("other", row.id, NOW, title="Theirs")


async def test_writers_are_those_of_rows_and_those_who_own_client_ids(
    documents: DocumentStore, log: SqlDocumentLog, place: Place, document: str
) -> None:
    rows = (Row("ada", b"a", ()), Row("ben", b"b", (7,)), Row("ada", b"c", ()))
    await log.append([Batch(document, "n.1", 1, rows)])
    assert await documents.writers([document]) == {document: ["ada", "ben"]}
