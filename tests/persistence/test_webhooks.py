"""Webhooks on every kind of store."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from persistence.database import Database
from persistence.webhooks import TooManyWebhooks, WebhookRow, WebhookStore
from persistence.workspaces import WorkspaceStore
from tests.persistence.conftest import Place

NOW = datetime(2026, 11, 23, 9, 0, 0, 123456, tzinfo=UTC)


def webhook(place: Place, id_: str = "a" * 32, **changes: object) -> WebhookRow:
    row = WebhookRow(
        id=id_,
        organisation_id=place.organisation,
        workspace_id=place.workspace,
        owner_id=place.user,
        url="https://hook.example.org/é",
        description="",
        types=["counterpoint.comment.*"],
        secret="v1.00000000.x",
        former_secret=None,
        former_until=None,
        created_at=NOW,
        updated_at=NOW,
        delivered_at=None,
        disabled_at=None,
        disabled_why=None,
    )
    return replace(row, **changes)  # type: ignore[arg-type]


@pytest.fixture
def store(database: Database) -> WebhookStore:
    return WebhookStore(database)


async def test_a_webhook_comes_back_as_it_was_and_only_in_its_organisation(store: WebhookStore, place: Place) -> None:
    await store.create(webhook(place), 10)
    assert await store.get(place.organisation, "a" * 32) == webhook(place)
    assert await store.get("another", "a" * 32) is None
    assert await store.change("another", "a" * 32, {"url": "x"}) is None
    assert not await store.delete("another", "a" * 32)
    assert await store.all("another") == []


async def test_there_are_never_more_than_the_most(store: WebhookStore, place: Place) -> None:
    await store.create(webhook(place), 1)
    with pytest.raises(TooManyWebhooks):
        await store.create(webhook(place, "b" * 32), 1)


async def test_who_listens_to_a_workspace_and_who_to_the_organisation(store: WebhookStore, place: Place) -> None:
    await store.create(webhook(place, "a" * 32), 10)
    await store.create(webhook(place, "b" * 32, workspace_id=None), 10)
    await store.create(webhook(place, "c" * 32, disabled_at=NOW, disabled_why="x"), 10)
    assert {row.id[0] for row in await store.listening(place.organisation, place.workspace)} == {"a", "b"}
    assert {row.id[0] for row in await store.listening(place.organisation, "another")} == {"b"}
    assert {row.id[0] for row in await store.listening(place.organisation, None)} == {"b"}


async def test_those_of_the_workspaces_that_somebody_administers(
    database: Database, store: WebhookStore, place: Place
) -> None:
    members = WorkspaceStore(database)
    await store.create(webhook(place), 10)
    await members.add_member(place.workspace, place.user, "editor", NOW)
    assert await store.all(place.organisation, administered_by=place.user) == []
    await members.remove_member(place.workspace, place.user)
    await members.add_member(place.workspace, place.user, "admin", NOW)
    assert len(await store.all(place.organisation, administered_by=place.user)) == 1
    assert await store.all(place.organisation, workspace="another") == []


async def test_a_change_tells_what_the_webhook_is_then_and_comes_with_what_is_written_beside_it(
    store: WebhookStore, place: Place
) -> None:
    await store.create(webhook(place), 10)
    seen: list[WebhookRow] = []
    changed = await store.change(
        place.organisation, "a" * 32, {"former_until": NOW, "types": ["*"]}, lambda _, row: seen.append(row)
    )
    assert changed == seen[-1] == webhook(place, former_until=NOW, types=["*"])

    def fails(_: object, __: object) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await store.change(place.organisation, "a" * 32, {"url": "x"}, fails)
    assert await store.get(place.organisation, "a" * 32) == changed


async def test_deleted_once(store: WebhookStore, place: Place) -> None:
    await store.create(webhook(place), 10)
    gone = await asyncio.gather(*(store.delete(place.organisation, "a" * 32) for _ in range(3)))
    assert sorted(gone) == [False, False, True]
