"""Inboxes on every kind of store."""

from datetime import UTC, datetime, timedelta

import pytest

from persistence.database import Database
from persistence.notification_rows import Activity, Counts, NewActivity, TheirActivity
from persistence.notifications import ACTIVITIES, InboxChange, NotificationStore, forget_in, put_in, revise_in
from tests.persistence.conftest import Place

NOW = datetime(2026, 11, 23, 9, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def store(database: Database) -> NotificationStore:
    return NotificationStore(database)


def activity(number: int = 0, comment: str = "c") -> Activity:
    return Activity(f"e{number}", "t", None, "Ada", f"Ada says {number}", f"é {number}", NOW.isoformat(), comment)


def told(
    place: Place, number: int = 0, *, kind: str = "mention", thread: str = "a", in_app: bool = True
) -> TheirActivity:
    at = NOW + timedelta(seconds=number)
    what = activity(number, f"c{number}")
    new = NewActivity(kind, f"thread/{thread}", "info", "/documents/d", place.workspace, "d", thread, what, at)
    return TheirActivity(place.organisation, place.user, new, in_app)


async def put(database: Database, *told: TheirActivity) -> InboxChange:
    changes = [await database.write(lambda connection, each=each: put_in(connection, each)) for each in told]  # type: ignore[misc]
    return changes[-1]


async def counts(store: NotificationStore, place: Place) -> Counts:
    return await store.counts(place.organisation, place.user)


async def test_what_happens_to_one_subject_is_one_row_until_it_is_read(
    database: Database, store: NotificationStore, place: Place
) -> None:
    first = await put(database, told(place, 0))
    again = await put(database, told(place, 1), told(place, 2))
    assert again.item.id == first.item.id
    assert (again.item.count, [each.event_id for each in again.item.activities]) == (3, ["e0", "e1", "e2"])
    assert (again.item.title, again.item.text, again.item.updated_at) == (
        "Ada says 2",
        "é 2",
        NOW + timedelta(seconds=2),
    )
    assert again.counts == Counts(1, 1)
    await store.mark(place.organisation, place.user, first.item.id, NOW)
    anew = await put(database, told(place, 3))
    assert (anew.item.id, anew.item.count, anew.item.read_at) == (first.item.id, 1, None)
    assert [each.event_id for each in anew.item.activities] == ["e3"]


async def test_a_row_keeps_the_last_of_its_activities_and_counts_all(database: Database, place: Place) -> None:
    last = await put(database, *(told(place, number) for number in range(ACTIVITIES + 3)))
    assert last.item.count == ACTIVITIES + 3
    assert [each.event_id for each in last.item.activities][:: ACTIVITIES - 1] == ["e3", f"e{ACTIVITIES + 2}"]


async def test_pages_have_each_item_once_the_newest_first(
    database: Database, store: NotificationStore, place: Place
) -> None:
    await put(database, *(told(place, number, thread=str(number)) for number in range(5)))
    await put(database, told(place, 9, thread="hidden", in_app=False))
    seen, before = [], None
    while page := await store.page(place.organisation, place.user, unread=False, before=before, limit=2):
        seen += [item.thread_id for item in page]
        before = (page[-1].updated_at, page[-1].id)
    assert seen == ["4", "3", "2", "1", "0"]
    assert await counts(store, place) == Counts(5, 5)
    assert await store.page("another", place.user, unread=False, before=None, limit=2) == []


async def test_read_seen_and_unread_again(database: Database, store: NotificationStore, place: Place) -> None:
    item = (await put(database, told(place))).item.id
    heard: list[Counts] = []

    def also(_: object, change: InboxChange) -> None:
        heard.append(change.counts)

    for at in (NOW, NOW, None, None):
        assert await store.mark(place.organisation, place.user, item, at, also) is not None
    assert heard == [Counts(0, 0), Counts(1, 0)], "what changes nothing is told to nobody"
    assert await store.mark(place.organisation, "another", item, NOW) is None
    assert await store.mark("another", place.user, item, NOW) is None


async def test_all_that_has_come_by_then(database: Database, store: NotificationStore, place: Place) -> None:
    await put(database, told(place, 0, thread="a"), told(place, 5, thread="b"))
    heard: list[Counts] = []

    def also(_: object, counts: Counts) -> None:
        heard.append(counts)

    for what, at in (("seen_at", 0), ("seen_at", 0), ("read_at", 0), ("read_at", 9), ("read_at", 9)):
        await store.mark_all(place.organisation, place.user, what, NOW + timedelta(seconds=at), also)  # type: ignore[arg-type]
    assert heard == [Counts(2, 1), Counts(1, 1), Counts(0, 0)]


async def test_a_removed_one_is_gone_and_may_come_anew(
    database: Database, store: NotificationStore, place: Place
) -> None:
    item = (await put(database, told(place))).item.id
    assert not await store.remove(place.organisation, "another", item)
    assert await store.remove(place.organisation, place.user, item)
    assert not await store.remove(place.organisation, place.user, item)
    assert (await put(database, told(place, 1))).item.id != item


async def test_a_deleted_comment_is_quoted_nowhere(database: Database, store: NotificationStore, place: Place) -> None:
    await put(database, told(place, 0), told(place, 1), told(place, 1, kind="reply"))
    changes = await database.write(lambda connection: revise_in(connection, "a", "c1", None))
    assert sorted((each.gone, each.item.kind) for each in changes) == [(False, "mention"), (True, "reply")]
    [left] = await store.page(place.organisation, place.user, unread=False, before=None, limit=9)
    assert (left.title, left.text, left.count) == ("Ada says 0", "é 0", 1)
    assert await database.write(lambda connection: revise_in(connection, "a", "c1", None)) == []


async def test_an_edited_comment_is_quoted_as_it_is_now(database: Database, place: Place) -> None:
    await put(database, told(place, 0), told(place, 1))
    [change] = await database.write(lambda connection: revise_in(connection, "a", "c1", "other words"))
    assert [each.text for each in change.item.activities] == ["é 0", "other words"]
    assert change.item.text == "other words"


async def test_a_workspace_that_he_may_not_see_leaves_his_inbox(
    database: Database, store: NotificationStore, place: Place
) -> None:
    await put(database, told(place, 0, thread="a"), told(place, 1, thread="b"))
    by_subject = await database.write(
        lambda connection: forget_in(connection, place.organisation, place.user, subject="thread/a")
    )
    assert [change.counts for change in by_subject] == [Counts(1, 1)]
    rest = await database.write(
        lambda connection: forget_in(connection, place.organisation, place.user, workspace=place.workspace)
    )
    assert [(change.gone, change.counts) for change in rest] == [(True, Counts(0, 0))]
    assert await store.page(place.organisation, place.user, unread=False, before=None, limit=9) == []


async def test_what_was_read_long_ago_is_forgotten(database: Database, store: NotificationStore, place: Place) -> None:
    read = (await put(database, told(place, 0, thread="a"))).item.id
    await put(database, told(place, 0, thread="b"))
    await store.mark(place.organisation, place.user, read, NOW)
    assert await store.purge(NOW, 10) == 0
    assert await store.purge(NOW + timedelta(seconds=1), 10) == 1
    assert await counts(store, place) == Counts(1, 1)
