"""The promises of durable consumers, on every kind of store."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import pytest
from sqlalchemy import Connection, text

from persistence.database import Database
from persistence.errors import StoreUnavailable
from persistence.events import EventStore, StoredEvent
from server.clock import SystemClock
from server.events.consumers import TRIES, Consumers, Effect
from server.events.documents import DocumentDeleted
from server.events.envelope import Heard, hear
from server.events.model import Actor, Event
from server.events.outbox import Outbox
from server.events.workspaces import MembershipEnded, WorkspaceDeleted
from tests.persistence.conftest import Place, place_in

CLOCK = SystemClock()


@pytest.fixture
async def place(database: Database) -> Place:
    await database.write(lambda connection: connection.execute(text("CREATE TABLE made (event TEXT, title TEXT)")))
    return await place_in(database)


@dataclass
class Writer:
    """Writes a row for each deleted document, and an event for its author."""

    database: Database
    name: str = "writer"
    kinds: frozenset[type[Event]] = frozenset({DocumentDeleted})
    prepared: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    fails: Callable[[str], Exception | None] = lambda title: None

    async def prepare(self, heard: Heard) -> Effect | None:
        assert isinstance(heard.event, DocumentDeleted)
        title = heard.event.title
        self.prepared.append(title)
        if (error := self.fails(title)) is not None:
            raise error

        def write(connection: Connection) -> None:
            connection.execute(text("INSERT INTO made VALUES (:e, :t)"), {"e": heard.id, "t": title})

        ended = MembershipEnded(user_id="u", workspace_id="w", workspace_name=title)
        return Effect(write, [(heard.actor, ended)], after=lambda: self.told.append(title))

    async def made(self) -> list[str]:
        rows = await self.database.read(lambda connection: connection.execute(text("SELECT title FROM made")).all())
        return [row.title for row in rows]


async def delete(database: Database, place: Place, *titles: str, workspace: str = "w") -> tuple[StoredEvent, ...]:
    actor = Actor(place.organisation, "person", place.user, "Ada")
    events = [DocumentDeleted(workspace_id=workspace, document_id="d", title=title) for title in titles]
    record = Outbox(lambda _: None, CLOCK).record(actor, *events)
    await database.write(record)
    return record.stored


@asynccontextmanager
async def running(database: Database, *consumers: Writer) -> AsyncIterator[Consumers]:
    found = Consumers(database, Outbox(lambda _: None, CLOCK), CLOCK, pause_seconds=0.001)
    await found.start(consumers)
    try:
        await found.settled()
        yield found
    finally:
        await found.stop()


async def test_events_come_once_in_order_with_what_was_made_of_them(database: Database, place: Place) -> None:
    writer = Writer(database)
    async with running(database, writer) as consumers:
        consumers.wake(await delete(database, place, "a", "b"))
        consumers.wake(await delete(database, place, "c"))
        await consumers.settled()
    assert await writer.made() == writer.told == ["a", "b", "c"]
    tail = await EventStore(database).after(place.organisation, "user:u", 0, 10)
    assert [getattr(hear(each).event, "workspace_name", "") for each in tail.events] == ["a", "b", "c"]


async def test_a_new_consumer_begins_with_what_happens_from_now_on(database: Database, place: Place) -> None:
    await delete(database, place, "before")
    writer = Writer(database)
    async with running(database, writer) as consumers:
        consumers.wake(await delete(database, place, "after"))
        consumers.wake(await delete(database, place, "elsewhere", workspace="v"))
        await consumers.settled()
    assert sorted(await writer.made()) == ["after", "elsewhere"]


async def test_what_happened_while_nobody_ran_comes_at_the_next_start(database: Database, place: Place) -> None:
    async with running(database, Writer(database)):
        pass
    await delete(database, place, "a", *(str(n) for n in range(250)))
    writer = Writer(database)
    async with running(database, writer):
        pass
    assert await writer.made() == ["a", *(str(n) for n in range(250))]
    async with running(database, writer):
        pass
    assert len(await writer.made()) == 251


async def test_other_kinds_are_passed_over(database: Database, place: Place) -> None:
    writer = Writer(database)
    actor = Actor(place.organisation, "person", place.user, "Ada")
    record = Outbox(lambda _: None, CLOCK).record(
        actor,
        WorkspaceDeleted(workspace_id="w", name="x"),
        DocumentDeleted(workspace_id="w", document_id="d", title="a"),
    )
    async with running(database, writer) as consumers:
        await database.write(record)
        consumers.wake(record.stored)
        await consumers.settled()
    assert writer.prepared == ["a"]


async def test_two_nodes_deal_with_each_event_once(database: Database, place: Place) -> None:
    titles = [str(n) for n in range(60)]
    async with AsyncExitStack() as stack:
        writers = [Writer(database), Writer(database)]
        nodes = [await stack.enter_async_context(running(database, writer)) for writer in writers]
        for title in titles:
            stored = await delete(database, place, title)
            for node in nodes:
                node.wake(stored)
        await asyncio.gather(*(node.settled() for node in nodes))
    assert await writers[0].made() == titles
    assert sorted(writers[0].told + writers[1].told, key=int) == titles


async def test_an_event_that_always_fails_is_passed_over_and_the_next_ones_come(
    database: Database, place: Place
) -> None:
    writer = Writer(database, fails=lambda title: ArithmeticError() if title == "bad" else None)
    async with running(database, writer) as consumers:
        consumers.wake(await delete(database, place, "a", "bad", "b"))
        await until(lambda: "b" in writer.told, consumers)
    assert await writer.made() == ["a", "b"]
    assert writer.prepared.count("bad") >= TRIES


async def test_a_store_that_refuses_is_waited_for_without_end(database: Database, place: Place) -> None:
    refusals = TRIES * 2

    def fails(_: str) -> Exception | None:
        nonlocal refusals
        refusals -= 1
        return StoreUnavailable("not now") if refusals > 0 else None

    writer = Writer(database, fails=fails)
    async with running(database, writer) as consumers:
        consumers.wake(await delete(database, place, "a"))
        await until(lambda: writer.told == ["a"], consumers)
    assert await writer.made() == ["a"]


async def until(true: Callable[[], bool], consumers: Consumers) -> None:
    async with asyncio.timeout(20):
        while not true():
            await consumers.settled()
            await asyncio.sleep(0)
