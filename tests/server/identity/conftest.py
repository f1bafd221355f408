"""An identity wing for each test."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from persistence.database import Database
from server.events.outbox import Outbox
from server.identity.house import IdentityWing, identity_wing
from server.realtime.access import ACCESS
from server.realtime.broker import MemoryBroker
from server.settings import Settings
from tests.server.identity.place import SECRET, HandClock, Place, application

OpenPlace = Callable[..., Awaitable[Place]]


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def store_url(sqlite_url: str) -> str:
    """SQLite is enough here: what the store does on PostgreSQL is proved in tests/persistence."""
    return sqlite_url


@pytest.fixture
async def open_place(database: Database, clock: HandClock) -> AsyncIterator[OpenPlace]:
    """Opens a wing with the settings (and in the mode) that a test names."""
    wings: list[IdentityWing] = []

    async def open_one(*, open_mode: bool = False, **settings: Any) -> Place:
        broker, outbox = MemoryBroker(), Outbox(lambda _: None, clock)
        given = Settings(**({"jwt_secret": SECRET} if "jwks_url" not in settings else {}) | settings)
        wing = identity_wing(given, database, broker, outbox, clock, open_mode=open_mode)
        wings.append(wing)
        await wing.start()
        place = Place(wing, database, clock, application(wing))
        ACCESS.subscribe(broker, place.changes.append)
        return place

    yield open_one
    for wing in wings:
        await wing.close()


@pytest.fixture
async def place(open_place: OpenPlace) -> Place:
    return await open_place()
