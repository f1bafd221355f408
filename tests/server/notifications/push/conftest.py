"""The stage of push, for every test here that asks for one."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.server.notifications.push.stage import Ground, ground


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Ground]:
    async with ground(tmp_path) as made:
        yield made
