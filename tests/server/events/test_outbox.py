"""A change and its events: both or neither, and nobody is told before the commit."""

from collections.abc import Sequence

import pytest
from sqlalchemy import Connection

from persistence.database import Database
from persistence.events import EventStore, StoredEvent
from server.clock import SystemClock
from server.events.documents import DocumentDeleted
from server.events.envelope import hear
from server.events.model import Actor
from server.events.outbox import Outbox
from server.events.workspaces import MembershipEnded
from tests.persistence.conftest import Place, place_in


@pytest.fixture
async def place(database: Database) -> Place:
    return await place_in(database)


class Ear:
    def __init__(self) -> None:
        self.heard: list[StoredEvent] = []

    def __call__(self, events: Sequence[StoredEvent]) -> None:
        self.heard += events


def deleted(place: Place, title: str = "Plan") -> DocumentDeleted:
    return DocumentDeleted(workspace_id=place.workspace, document_id="d", title=title)


def actor(place: Place) -> Actor:
    return Actor(place.organisation, "person", place.user, "Ada")


async def test_events_are_told_after_the_commit_as_they_stand_in_the_store(database: Database, place: Place) -> None:
    ear = Ear()
    outbox = Outbox(ear, SystemClock())
    record = outbox.record(actor(place), deleted(place))
    await database.write(record)
    assert ear.heard == []
    outbox.published(record)
    tail = await EventStore(database).after(place.organisation, f"workspace:{place.workspace}", 0, 10)
    assert tuple(ear.heard) == tail.events == record.stored
    assert hear(tail.events[0]).event == deleted(place)


async def test_what_only_the_transaction_knows_is_written_with_the_rest(database: Database, place: Place) -> None:
    ear = Ear()
    outbox = Outbox(ear, SystemClock())
    record = outbox.record(actor(place), deleted(place))
    ended = MembershipEnded(user_id=place.user, workspace_id=place.workspace, workspace_name="Team")
    await database.write(lambda connection: record(connection, ended))
    outbox.published(record)
    assert [each.stream for each in ear.heard] == [f"user:{place.user}", f"workspace:{place.workspace}"]


async def test_a_change_that_fails_tells_nothing(database: Database, place: Place) -> None:
    ear = Ear()
    outbox = Outbox(ear, SystemClock())
    outbox.published(outbox.record(actor(place), deleted(place)))
    assert ear.heard == []
    record = outbox.record(actor(place), deleted(place))

    def fails(connection: Connection) -> None:
        record(connection)
        raise ArithmeticError

    with pytest.raises(ArithmeticError):
        await database.write(fails)
    found = await EventStore(database).positions(place.organisation, [f"workspace:{place.workspace}"])
    assert [position.offset for position in found.values()] == [0]


async def test_a_transaction_that_is_run_again_starts_afresh(database: Database, place: Place) -> None:
    ear = Ear()
    outbox = Outbox(ear, SystemClock())
    record = outbox.record(actor(place), deleted(place, "one"), deleted(place, "two"))
    tries = 0

    def work(connection: Connection) -> None:
        nonlocal tries
        tries += 1
        record(connection)
        if tries == 1:
            raise ArithmeticError

    with pytest.raises(ArithmeticError):
        await database.write(work)
    await database.write(work)
    outbox.published(record)
    assert [each.offset for each in ear.heard] == [1, 2]


async def test_the_events_of_one_change_keep_their_order(database: Database, place: Place) -> None:
    record = Outbox(Ear(), SystemClock()).record(actor(place), *(deleted(place, str(n)) for n in range(3)))
    await database.write(record)
    assert [hear(each).event for each in record.stored] == [deleted(place, str(n)) for n in range(3)]
