"""Nodes, for every test here that asks for them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.server.realtime.replication.nodes import Nodes, nodes_in


@pytest.fixture
async def nodes(tmp_path: Path) -> AsyncIterator[Nodes]:
    async with nodes_in(tmp_path) as nodes:
        yield nodes
