"""The real application for each test of this wing."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.server.support import Person, Place, served


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    async with served(tmp_path) as place:
        yield place


@pytest.fixture
def ada(place: Place) -> Person:
    """The administrator."""
    return place.admin
