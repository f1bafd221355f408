"""Streams on every kind of store: no gap and nothing twice, whoever writes, fails or is killed."""

import asyncio
import json
from collections.abc import Callable
from contextlib import AsyncExitStack
from uuid import uuid4

import pytest
from sqlalchemy import Connection, event, text

from persistence.database import Database
from persistence.events import NO_EPOCH, EventStore, NewEvent, StoredEvent, StreamPosition, append_events
from tests.persistence.conftest import NOW, Place


def new(place: Place, stream: str, about: str = "document/1") -> NewEvent:
    return NewEvent(
        place.organisation,
        stream,
        str(uuid4()),
        "counterpoint.test.v1",
        place.user,
        about,
        NOW,
        lambda offset: json.dumps({"sequence": str(offset), "é": "🎼"}),
    )


async def append(database: Database, *events: NewEvent) -> tuple[StoredEvent, ...]:
    return await database.write(lambda connection: append_events(connection, events))


@pytest.fixture
def store(database: Database) -> EventStore:
    return EventStore(database)


async def test_events_come_back_as_they_were_written(database: Database, store: EventStore, place: Place) -> None:
    stored = await append(database, new(place, "workspace:w"), new(place, "workspace:w", "document/2"))
    tail = await store.after(place.organisation, "workspace:w", 0, 10)
    assert tail.events == stored
    assert [each.offset for each in stored] == [1, 2]
    assert [json.loads(each.body)["sequence"] for each in stored] == ["1", "2"]
    assert tail.position == StreamPosition(stored[0].epoch, 2)
    assert tail.position.epoch != NO_EPOCH


async def test_each_stream_of_each_organisation_counts_for_itself(
    database: Database, store: EventStore, make_place: Callable[[], asyncio.Future[Place]]
) -> None:
    here, there = await make_place(), await make_place()
    await append(database, new(here, "b"), new(here, "a"), new(here, "b"), new(there, "b"))
    await append(database, new(there, "b"), new(here, "a"))
    found = await store.positions(here.organisation, ["a", "b", "never"])
    assert {name: position.offset for name, position in found.items()} == {"a": 2, "b": 2, "never": 0}
    assert found["never"] == StreamPosition(NO_EPOCH, 0)
    heads = await store.heads([(here.organisation, "a"), (there.organisation, "b"), (there.organisation, "a")])
    assert {key: position.offset for key, position in heads.items()} == {
        (here.organisation, "a"): 2,
        (there.organisation, "b"): 2,
    }


async def test_pages_go_on_behind_an_offset(database: Database, store: EventStore, place: Place) -> None:
    await append(database, *(new(place, "s") for _ in range(5)))
    tail = await store.after(place.organisation, "s", 2, 2)
    assert [each.offset for each in tail.events] == [3, 4]
    assert tail.position.offset == 5
    assert (await store.after(place.organisation, "s", 5, 2)).events == ()


async def test_a_stream_is_begun_once_and_keeps_its_epoch(database: Database, store: EventStore, place: Place) -> None:
    await store.begin(place.organisation, "s")
    begun = (await store.positions(place.organisation, ["s"]))["s"]
    await store.begin(place.organisation, "s")
    [event] = await append(database, new(place, "s"))
    assert begun.offset == 0
    assert begun.epoch == event.epoch != NO_EPOCH


async def test_writers_at_once_leave_no_gap_and_readers_never_see_one(
    database: Database, store: EventStore, place: Place
) -> None:
    async with AsyncExitStack() as stack:
        nodes = [database]
        if database.url.startswith("postgresql"):
            for _ in range(2):
                nodes.append(await Database.open(database.url, connections=4))
                stack.push_async_callback(nodes[-1].close)

        async def write(number: int) -> None:
            # Half of them name the streams the other way round: without one order for all they would deadlock.
            streams = ["a", "b", "c"][:: 1 if number % 2 else -1]
            await append(nodes[number % len(nodes)], *(new(place, stream) for stream in streams))

        async def watch() -> None:
            seen = 0
            while seen < 40:
                tail = await store.after(place.organisation, "b", 0, 100)
                offsets = [each.offset for each in tail.events]
                assert offsets == list(range(1, tail.position.offset + 1))
                seen = len(offsets)

        await asyncio.gather(watch(), *(write(number) for number in range(40)))
    for stream in "abc":
        tail = await store.after(place.organisation, stream, 0, 100)
        assert [each.offset for each in tail.events] == list(range(1, 41))
        assert len({each.epoch for each in tail.events}) == 1


async def test_what_is_rolled_back_leaves_no_hole(database: Database, store: EventStore, place: Place) -> None:
    def fails(connection: Connection) -> None:
        append_events(connection, [new(place, "s"), new(place, "s")])
        raise ValueError("the change is not made after all")

    for _ in range(2):
        with pytest.raises(ValueError, match="not made"):
            await database.write(fails)
        await append(database, new(place, "s"))
    tail = await store.after(place.organisation, "s", 0, 10)
    assert [each.offset for each in tail.events] == [1, 2]


async def test_one_that_fails_beside_others_takes_no_offset(
    database: Database, store: EventStore, place: Place
) -> None:
    def fails(connection: Connection) -> None:
        append_events(connection, [new(place, "s")])
        raise ValueError

    answers = await asyncio.gather(
        append(database, new(place, "s")), database.write(fails), append(database, new(place, "s")),
        return_exceptions=True,
    )  # fmt: skip
    assert isinstance(answers[1], ValueError)
    tail = await store.after(place.organisation, "s", 0, 10)
    assert [each.offset for each in tail.events] == [1, 2]


async def test_a_closure_that_is_tried_again_writes_its_events_once(
    database: Database, store: EventStore, place: Place
) -> None:
    tries = []

    def work(connection: Connection) -> tuple[StoredEvent, ...]:
        tries.append(append_events(connection, [new(place, "s")]))
        if len(tries) == 1:
            connection.execute(text("SELECT no_such_column"))
        return tries[-1]

    for _ in range(2):
        try:
            await database.write(work)
        except Exception:  # noqa: BLE001 - whatever the driver calls it
            assert len(tries) == 1
    tail = await store.after(place.organisation, "s", 0, 10)
    assert len(tries) == 2
    assert tail.events == tries[1]


async def test_one_statement_for_each_stream_and_one_for_all_rows(database: Database, place: Place) -> None:
    said: list[tuple[str, bool]] = []

    def work(connection: Connection) -> None:
        event.listen(connection, "before_cursor_execute", note)
        append_events(connection, [new(place, "a"), new(place, "b"), new(place, "a")])

    def note(*given: object) -> None:
        said.append((str(given[2]).split()[2].strip('"'), bool(given[5])))

    await database.write(work)
    assert said == [("streams", False), ("streams", False), ("events", True)]


async def test_nothing_is_asked_of_the_store_for_no_events(database: Database) -> None:
    assert await append(database) == ()


async def test_what_was_not_dispatched_is_found_until_it_is(
    database: Database, store: EventStore, place: Place
) -> None:
    key = (place.organisation, "s")
    await append(database, new(place, "s"), new(place, "s"), new(place, "t"))
    assert sorted((each.key[1], each.dispatched, each.head) for each in await store.undispatched(10)) == [
        ("s", 0, 2),
        ("t", 0, 1),
    ]
    await store.dispatched({key: 1, (place.organisation, "t"): 1})
    assert [(each.dispatched, each.head) for each in await store.undispatched(10)] == [(1, 2)]
    await store.dispatched({key: 2})
    await store.dispatched({key: 1})  # another node was behind
    assert await store.undispatched(10) == []
    await store.dispatched({})
