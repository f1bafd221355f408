"""The stage, for every test here that asks for one."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.server.realtime.stage import Stage, staged


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(tmp_path) as stage:
        yield stage
