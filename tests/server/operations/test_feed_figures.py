"""The feed's figures are what happened."""

from collections.abc import AsyncIterator

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from persistence.database import Database
from persistence.events import StreamPosition
from server.clock import SystemClock
from server.events.documents import DocumentDeleted
from server.events.model import Actor
from server.operations.feed_figures import FeedCollector
from server.realtime.broker import MemoryBroker
from server.realtime.feed.house import EventPlane, event_plane
from tests.persistence.conftest import place_in
from tests.server.realtime.feed.band import Ear, everything


@pytest.fixture
def store_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
async def plane(database: Database) -> AsyncIterator[EventPlane]:
    plane = event_plane(database, MemoryBroker(), SystemClock())
    await plane.start(())
    yield plane
    await plane.stop()


async def test_deliveries_recoveries_and_lag_are_counted(plane: EventPlane, database: Database) -> None:
    organisation = (await place_in(database)).organisation
    key = (organisation, "workspace:w")

    async def write(*, tell: bool) -> None:
        event = DocumentDeleted(workspace_id="w", document_id="d", title="Plan")
        record = plane.outbox.record(Actor(organisation, "person", "u", "Ada"), event)
        await database.write(record)
        if tell:
            plane.outbox.published(record)

    first = await plane.hub.subscribe(key, Ear(), everything)
    for _ in range(2):
        await plane.hub.subscribe(key, Ear(), everything, StreamPosition(first.epoch, first.offset))
    await plane.hub.subscribe(key, Ear(), everything, StreamPosition("other", 0))
    await write(tell=True)
    await write(tell=False)
    await plane.dispatcher.sweep()
    registry = CollectorRegistry()
    registry.register(FeedCollector(plane))
    page = generate_latest(registry).decode()
    for line in (
        "counterpoint_feed_deliveries_total 4.0",
        'counterpoint_feed_recoveries_total{outcome="recovered"} 2.0',
        'counterpoint_feed_recoveries_total{outcome="reload"} 1.0',
        "counterpoint_feed_lag_events 1.0",
        "counterpoint_feed_subscriptions 0.0",
    ):
        assert line in page
