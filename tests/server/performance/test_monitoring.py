"""Sampling from end to end: begun over HTTP, measured from a real source, stored, paused, and taken over."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from persistence.samples import SampleRow
from persistence.tables.sources import data_sources, monitors
from server.events.envelope import hear
from server.events.outbox import Told
from server.events.sources import SourceStatusChanged
from tests.server.events.stage import written
from tests.server.realtime.feed.band import Ear, everything
from tests.server.support import Place, served

START, PAUSE, STOP = (f"/performance/monitoring/{word}" for word in ("start", "pause", "stop"))


class Stage:
    """A server with a SQLite file that can be sampled, and an ear for its samples."""

    def __init__(self, place: Place, path: Path) -> None:
        self.place, self.path = place, path
        self.heard: asyncio.Queue[SampleRow] = asyncio.Queue()
        writer = place.house.performance.sampler._writer
        writer._judges = (*writer._judges, self)

    def judge(self, _: Connection, samples: Sequence[SampleRow]) -> Sequence[Told]:
        for sample in samples:
            self.heard.put_nowait(sample)
        return []

    async def sample(self) -> SampleRow:
        async with asyncio.timeout(10):
            return await self.heard.get()

    async def source(self, name: str = "File") -> int:
        body = {"name": name, "source_type": "sqlite", "host": str(self.path)}
        return int((await self.place.admin.post("/scan/data-sources", body)).json()["id"])

    async def start(self, source: int, **fields: Any) -> dict[str, Any]:
        response = await self.place.admin.post(START, {"data_source_ids": [source], **fields})
        assert response.status_code == 200, response.text
        found: dict[str, Any] = response.json()["data"]
        return found

    async def every(self, source: int, seconds: float) -> None:
        """Faster than people may have it."""
        faster = update(monitors).where(monitors.c.source_id == source).values(interval_seconds=seconds)
        await self.place.house.database.write(lambda connection: connection.execute(faster))

    async def monitor(self, source: int) -> dict[str, Any]:
        rows = (await self.place.admin.get("/performance/monitors")).json()["data"]
        found: dict[str, Any] = next(row for row in rows if row["data_source_id"] == source)
        return found


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    files = tmp_path / "files"
    files.mkdir()
    sqlite3.connect(files / "a.db").execute("CREATE TABLE t (id int)").connection.close()
    async with served(tmp_path, source_paths=(files,)) as place:
        yield Stage(place, files / "a.db")


async def test_what_is_begun_is_sampled_at_once_stored_and_told(stage: Stage) -> None:
    source = await stage.source()
    started = await stage.start(source, interval=3600)
    assert (started["status"], started["data_source_ids"], started["interval"]) == ("running", [source], 3600)
    sample = await stage.sample()
    assert (sample.source_id, sample.state, sample.readings["up"]) == (source, "up", 1)
    assert sample.readings["database_size"] == stage.path.stat().st_size
    assert (await stage.place.house.performance.samples.newest(source, sample.at, 2)) == [sample]
    row = await stage.monitor(source)
    assert (row["samples_taken"], row["failures"], row["last_error"]) == (1, 0, None)
    assert row["node"]
    assert (await stage.place.admin.get(f"/scan/data-sources/{source}")).json()["status"] == "active"
    told = [hear(event) for event in await written(stage.place.house.database)]
    [changed] = [each for each in told if isinstance(each.event, SourceStatusChanged)]
    assert (changed.event.former_status, changed.event.status, changed.actor.kind) == ("pending", "active", "sampler")


async def test_a_source_that_goes_and_comes_back_is_told_once_each_with_the_reason(stage: Stage) -> None:
    source = await stage.source()
    away = stage.path.with_name("away.db")
    stage.path.rename(away)
    house = stage.place.house
    await stage.start(source, interval=3600)
    down = await stage.sample()
    assert (down.state, dict(down.readings)) == ("down", {"up": 0})
    assert "No such file" in (down.reason or "")
    await stage.every(source, 0.05)
    await stage.start(source, interval=5)
    await stage.every(source, 0.05)
    assert (await stage.sample()).state == "down"
    away.rename(stage.path)
    while (await stage.sample()).state != "up":
        continue
    await stage.sample()  # one that is judged now is committed later: that of the one before is
    told = [hear(event).event for event in await written(house.database)]
    assert [(each.status, each.status_reason) for each in told if isinstance(each, SourceStatusChanged)] == [
        ("error", down.reason),
        ("active", None),
    ]


async def test_only_the_metrics_that_were_asked_for_are_kept(stage: Stage) -> None:
    source = await stage.source()
    await stage.start(source, metrics=["disk_usage", "disk"], interval=3600)
    assert set((await stage.sample()).readings) == {"up", "disk_usage"}
    refused = await stage.place.admin.post(START, {"data_source_ids": [source], "metrics": ["cpu_usage"]})
    assert refused.status_code == 422
    assert "database_size" in refused.json()["details"][0]["issue"], "it lists what is possible"


async def test_each_sample_is_told_to_those_who_listen(stage: Stage) -> None:
    source, ear = await stage.source(), Ear()
    fleeting = stage.place.house.events.desk.fleeting
    whose = select(data_sources.c.organisation_id)
    organisation = await stage.place.house.database.read(lambda connection: connection.execute(whose).scalar_one())
    fleeting.subscribe((organisation, f"metrics:{source}"), ear, everything)
    await stage.start(source, interval=3600)
    sample = await stage.sample()
    while not ear.heard:
        await asyncio.sleep(0)
    [told] = [json.loads(each.body)["data"] for each in ear.heard]
    assert (told["data_source_id"], told["state"], told["metrics"]) == (source, "up", dict(sample.readings))


@pytest.mark.parametrize("interval", [4.9, 3601, "x", None])
async def test_an_interval_out_of_bounds_is_refused(stage: Stage, interval: object) -> None:
    source = await stage.source()
    refused = await stage.place.admin.post(START, {"data_source_ids": [source], "interval": interval})
    assert (refused.status_code, refused.json()["details"][0]["field"]) == (422, "interval")


async def test_pause_and_stop_end_it_twice_is_the_same_and_what_is_not_there_is_404(stage: Stage) -> None:
    source = await stage.source()
    await stage.start(source, interval=3600)
    await stage.sample()
    for path, status in ((PAUSE, "paused"), (STOP, "paused"), (STOP, "paused")):
        answer = (await stage.place.admin.post(path, {"data_source_id": source})).json()["data"]
        assert (answer["data_source_id"], answer["samples_taken"], answer["status"]) == (source, 1, status)
    assert (await stage.monitor(source))["node"] is None
    other = await stage.source("Never begun")
    assert (await stage.place.admin.post(STOP, {"data_source_id": other})).json()["data"]["samples_taken"] == 0
    assert (await stage.place.admin.post(STOP, {"data_source_id": 999})).status_code == 404
    assert (await stage.place.admin.post(START, {"data_source_ids": [source, 999]})).status_code == 404


async def test_a_server_that_begins_again_goes_on_where_it_was(tmp_path: Path) -> None:
    files = tmp_path / "files"
    files.mkdir()
    sqlite3.connect(files / "a.db").execute("CREATE TABLE t (id int)").connection.close()
    async with served(tmp_path, source_paths=(files,)) as place:
        first = Stage(place, files / "a.db")
        source = await first.source()
        await first.start(source, interval=3600)
        await first.sample()
        await first.every(source, 0.05)
    async with served(tmp_path, source_paths=(files,)) as place:
        again = Stage(place, files / "a.db")
        assert (await again.sample()).source_id == source
        assert (await again.monitor(source))["samples_taken"] >= 2
