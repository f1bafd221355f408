"""Which documents a member finds where, on every kind of store."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest

from persistence import whereabouts
from persistence.database import Database
from persistence.documents import DocumentStore
from persistence.whereabouts import Whereabouts
from persistence.workspaces import WorkspaceStore
from tests.persistence.conftest import Place

NOW = datetime(2026, 11, 23, 7, 40, tzinfo=UTC)


async def test_only_those_in_the_workspaces_of_the_member_that_were_not_deleted(
    database: Database, documents: DocumentStore, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whereabouts, "AT_ONCE", 2)
    workspaces, store = WorkspaceStore(database), Whereabouts(database)
    ids = [(await documents.create(place.document(), NOW)).id for _ in range(5)]
    assert await store.seen_by(place.organisation, place.user, ids) == {}, "no member"
    await workspaces.add_member(place.workspace, place.user, "viewer", NOW)
    await documents.delete(place.organisation, ids[0], NOW)
    found = dict.fromkeys(ids[1:], place.workspace)
    assert await store.seen_by(place.organisation, place.user, [*ids, "unknown"]) == found
    assert await store.seen_by(place.organisation, place.user, ids, place.workspace) == found
    assert await store.seen_by(place.organisation, place.user, ids, "x" * 32) == {}
    assert await store.seen_by("x" * 32, place.user, ids) == {}
    await workspaces.delete(place.workspace, NOW)
    assert await store.seen_by(place.organisation, place.user, ids) == {}


async def test_another_organisations_member_finds_nothing(
    database: Database, documents: DocumentStore, make_place: Callable[[], Awaitable[Place]]
) -> None:
    here, there = await make_place(), await make_place()
    document = (await documents.create(here.document(), NOW)).id
    assert await Whereabouts(database).seen_by(there.organisation, there.user, [document]) == {}
