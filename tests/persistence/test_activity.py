"""Activity on every kind of store: pages without a gap, and counts that are those of the rows."""

import json
from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest

from persistence.activity import ActivityAsked, ActivityStore
from persistence.database import Database
from persistence.events import NewEvent, StoredEvent, append_events
from tests.persistence.conftest import NOW, Place

TYPES = ("a", "b", "c")


@pytest.fixture
async def written(database: Database, place: Place) -> tuple[StoredEvent, ...]:
    """Forty events over ten days, by two actors, about two documents, of four types."""

    def new(number: int) -> NewEvent:
        body = json.dumps({"data": {"document_id": f"d{number % 2}"}}, separators=(",", ":"))
        return NewEvent(
            place.organisation,
            "s",
            str(uuid4()),
            "abcx"[number % 4],
            place.user if number % 3 else None,
            f"document/d{number % 2}",
            NOW + timedelta(hours=6 * number),
            lambda _: body,
        )

    return await database.write(lambda connection: append_events(connection, [new(number) for number in range(40)]))


async def test_pages_together_are_everything_that_was_asked_for(
    database: Database, place: Place, written: tuple[StoredEvent, ...]
) -> None:
    store, since, before = ActivityStore(database), NOW + timedelta(days=3), None
    found: list[StoredEvent] = []
    while page := (await store.read(place.organisation, "s", ActivityAsked(since, TYPES, before=before), 4)).events:
        found += page
        before = page[-1].offset
    wanted = [event for event in written if event.time >= since and event.type in TYPES]
    assert found == wanted[::-1]


async def test_counts_are_those_of_the_rows_whatever_the_page(
    database: Database, place: Place, written: tuple[StoredEvent, ...]
) -> None:
    since = NOW + timedelta(days=3)
    activity = await ActivityStore(database).read(place.organisation, "s", ActivityAsked(since, TYPES), 1)
    wanted = [event for event in written if event.time >= since and event.type in TYPES]
    assert activity.position.offset == 40
    assert activity.counts is not None
    assert dict(activity.counts.by_day) == Counter(event.time.date().isoformat() for event in wanted)
    assert dict(activity.counts.by_type) == Counter(event.type for event in wanted)
    assert {user: count for user, _, count in activity.counts.by_user} == Counter(event.actor_id for event in wanted)
    assert {user: name for user, name, _ in activity.counts.by_user} == {place.user: "Ada", None: None}
    later = ActivityAsked(since, TYPES, before=20)
    assert (await ActivityStore(database).read(place.organisation, "s", later, 1)).counts is None


async def test_by_actor_and_by_document(database: Database, place: Place, written: tuple[StoredEvent, ...]) -> None:
    store = ActivityStore(database)
    for asked in (
        ActivityAsked(NOW, TYPES, actor=place.user),
        ActivityAsked(NOW, TYPES, document="d1"),
        ActivityAsked(NOW, TYPES, document="%"),
    ):
        found = (await store.read(place.organisation, "s", asked, 100)).events
        assert found == tuple(
            event
            for event in reversed(written)
            if event.type in TYPES
            and (asked.actor is None or event.actor_id == asked.actor)
            and (asked.document is None or event.subject == f"document/{asked.document}")
        )


async def test_another_stream_and_another_organisation_are_not_there(
    database: Database, place: Place, written: tuple[StoredEvent, ...]
) -> None:
    asked = ActivityAsked(NOW, TYPES)
    for organisation, stream in ((place.organisation, "t"), ("other", "s")):
        found = await ActivityStore(database).read(organisation, stream, asked, 10)
        assert (found.events, found.position.offset) == ((), 0)
        assert found.counts is not None
        assert found.counts.by_day == found.counts.by_type == found.counts.by_user == []
