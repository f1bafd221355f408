"""The stage of inboxes, for every test here that asks for one."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.server.notifications.stage import Ground, ground


@pytest.fixture
async def inboxes(tmp_path: Path) -> AsyncIterator[Ground]:
    async with ground(tmp_path) as made:
        yield made
