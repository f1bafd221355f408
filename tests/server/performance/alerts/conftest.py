"""A server with a SQLite file that is monitored, and whose sampler rests."""

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.server.performance.alerts.stage import Scene
from tests.server.support import served


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    files = tmp_path / "files"
    files.mkdir()
    sqlite3.connect(files / "a.db").execute("CREATE TABLE t (id int)").connection.close()
    async with served(tmp_path, source_paths=(files,)) as place:
        await place.house.performance.sampler.stop()
        body = {"name": "Orders", "source_type": "sqlite", "host": str(files / "a.db")}
        source = (await place.admin.post("/scan/data-sources", body)).json()["id"]
        await place.admin.post("/performance/monitoring/start", {"data_source_ids": [source], "interval": 10})
        yield Scene(place, source, place.house.performance.clock.now())
