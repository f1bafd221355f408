"""Who samples what: each source has one holder, nodes share, and what a former holder writes is refused."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from persistence.data_sources import DataSourceRow, DataSourceStore
from persistence.database import Database
from persistence.monitors import MonitorRow, MonitorStore
from persistence.nodes import NodeRow, NodeStore
from persistence.samples import SampleRow, SampleStore, TakenSample
from tests.persistence.conftest import NOW, Place


async def source_in(database: Database, place: Place, name: str = "One") -> int:
    row = DataSourceRow(
        id=0,
        organisation_id=place.organisation,
        name=name,
        source_type="postgresql",
        host="db.example.org",
        port=5432,
        location="cloud",
        username=None,
        secret=None,
        database_name=None,
        use_encryption=False,
        options={},
        description="",
        environment="test",
        criticality="low",
        data_classification="public",
        tags=[],
        owner=None,
        team=None,
        status="pending",
        status_reason=None,
        status_at=NOW,
        version=1,
        created_by=place.user,
        created_at=NOW,
        updated_at=NOW,
        deleted_at=None,
    )
    return (await DataSourceStore(database).create(row, lambda _: None, 100)).id


def monitor(source: int, place: Place) -> MonitorRow:
    return MonitorRow(
        source_id=source,
        organisation_id=place.organisation,
        state="running",
        interval_seconds=15,
        metrics=None,
        started_at=NOW,
        started_by=place.user,
        stopped_at=None,
        samples_taken=0,
        failures_in_a_row=0,
        last_at=None,
        last_seconds=None,
        last_error=None,
        slow_until=None,
        carried={},
        rolled_300=None,
        rolled_3600=None,
        node_id=None,
        fence=0,
    )


async def monitors_in(database: Database, place: Place, count: int) -> list[int]:
    ids = [await source_in(database, place, f"S{number}") for number in range(count)]
    await MonitorStore(database).start([monitor(each, place) for each in ids])
    return ids


async def nodes_in(database: Database, count: int) -> list[str]:
    rows = [NodeRow(uuid.uuid4().hex, f"n{number}", "1.0", NOW, 1, {}) for number in range(count)]
    for row in rows:
        await NodeStore(database).beat(row)
    return [row.id for row in rows]


MakePlace = Callable[[], Awaitable[Place]]


def taken(held: MonitorRow, second: int = 0) -> TakenSample:
    at = NOW + timedelta(seconds=second)
    sample = SampleRow(held.source_id, at, "up", 0.01, {"connections": 3.0}, {}, None)
    return TakenSample(held.organisation_id, sample, held.node_id or "", held.fence, {"at": 1.0}, 0, None)


async def test_nodes_share_what_runs_and_none_is_held_twice(database: Database, make_place: MakePlace) -> None:
    store, place = MonitorStore(database), await make_place()
    ids = await monitors_in(database, place, 7)
    one, two = await nodes_in(database, 2)
    held = await asyncio.gather(store.hold(one), store.hold(two))
    assert sorted(row.source_id for rows in held for row in rows) == ids
    assert sorted(len(rows) for rows in held) == [3, 4]
    [three] = await nodes_in(database, 1)
    assert await store.hold(three) == []
    for each in (one, two, three):
        await store.hold(each)
    shares = [len(await store.hold(each)) for each in (one, two, three)]
    assert (sum(shares), max(shares)) == (7, 3)


async def test_a_node_that_is_buried_frees_its_monitors_and_gets_none(
    database: Database, make_place: MakePlace
) -> None:
    store, place = MonitorStore(database), await make_place()
    await monitors_in(database, place, 3)
    one, two = await nodes_in(database, 2)
    before = await store.hold(one)
    assert len(before) == 2
    await NodeStore(database).bury(one)
    assert await store.hold(one) == []
    after = await store.hold(two)
    assert len(after) == 3
    fences = {row.source_id: row.fence for row in after}
    assert all(fences[row.source_id] > row.fence for row in before)


async def test_what_a_former_holder_has_measured_is_not_stored(database: Database, make_place: MakePlace) -> None:
    store, samples, place = MonitorStore(database), SampleStore(database), await make_place()
    [source] = await monitors_in(database, place, 1)
    one, two = await nodes_in(database, 2)
    [former] = await store.hold(one)
    assert await samples.take([taken(former)]) == [True]
    await NodeStore(database).bury(one)
    [holder] = await store.hold(two)
    assert (holder.samples_taken, holder.carried) == (1, {"at": 1.0})
    assert await samples.take([taken(former, 15), taken(holder, 16)]) == [False, True]
    [last, _] = await samples.newest(source, NOW, 2)
    assert last.at == NOW + timedelta(seconds=16)


@pytest.mark.parametrize("state", ["paused", "stopped"])
async def test_one_that_is_stopped_is_not_sampled_and_its_end_is_told_once(
    database: Database, make_place: MakePlace, state: str
) -> None:
    store, place = MonitorStore(database), await make_place()
    [source] = await monitors_in(database, place, 1)
    [node] = await nodes_in(database, 1)
    [held] = await store.hold(node)
    told: list[MonitorRow] = []
    for _ in range(2):
        found = await store.stop(source, state, NOW, lambda _, row: told.append(row))
        assert found is not None
        assert (found.state, found.node_id) == (state, None)
    assert len(told) == 1
    assert await SampleStore(database).take([taken(held)]) == [False]
    assert await store.hold(node) == []
    assert await store.stop(source + 1, state, NOW) is None
    again = replace(monitor(source, place), interval_seconds=30)
    [row] = await store.start([again])
    assert (row.state, row.interval_seconds, row.stopped_at) == ("running", 30, None)


async def test_a_change_of_the_interval_reaches_the_holder_by_its_fence(
    database: Database, make_place: MakePlace
) -> None:
    store, place = MonitorStore(database), await make_place()
    [source] = await monitors_in(database, place, 1)
    [node] = await nodes_in(database, 1)
    [held] = await store.hold(node)
    await store.start([replace(monitor(source, place), interval_seconds=60, metrics=["connections"])])
    assert await SampleStore(database).take([taken(held)]) == [False]
    [anew] = await store.hold(node)
    assert (anew.interval_seconds, anew.metrics, anew.node_id) == (60, ["connections"], node)
    assert await SampleStore(database).take([taken(anew)]) == [True]


async def test_monitors_are_listed_by_organisation_without_those_of_removed_sources(
    database: Database, make_place: MakePlace
) -> None:
    store, place, other = MonitorStore(database), await make_place(), await make_place()
    ids = await monitors_in(database, place, 3)
    await monitors_in(database, other, 1)
    await DataSourceStore(database).delete(place.organisation, ids[1], NOW)
    assert [row.source_id for row in await store.page(place.organisation, 0, 10)] == [ids[0], ids[2]]
    assert [row.source_id for row in await store.page(place.organisation, ids[0], 10)] == [ids[2]]
