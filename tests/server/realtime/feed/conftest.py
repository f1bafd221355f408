"""A node for each test; what the store does on PostgreSQL is proved in tests/persistence."""

from collections.abc import AsyncIterator

import pytest

from persistence.database import Database
from tests.persistence.conftest import place_in
from tests.server.realtime.feed.band import Band


@pytest.fixture
def store_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
async def band(database: Database) -> AsyncIterator[Band]:
    band = Band(database, (await place_in(database)).organisation)
    band.hub.start()
    yield band
    await band.hub.stop()
