"""Series: wherever rollups end and samples begin, a chart is that of all samples."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from random import Random

import pytest

from persistence.buckets import COARSE, FINE, buckets
from persistence.database import Database
from persistence.samples import SampleStore
from persistence.series import SeriesStore
from tests.persistence.conftest import Place
from tests.persistence.test_monitors import monitors_in
from tests.persistence.test_samples import HOUR, sample

MakePlace = Callable[[], Awaitable[Place]]
DAY = timedelta(hours=5)


async def test_a_point_is_the_mean_the_least_the_most_and_the_number_of_what_was_read(
    database: Database, make_place: MakePlace
) -> None:
    store, [source] = SampleStore(database), await monitors_in(database, await make_place(), 1)
    for second, value in ((0, 1.0), (60, 2.0), (299, 6.0), (300, 10.0), (3599, 4.0), (3600, 8.0)):
        assert await store.push(sample(source, second, connections=value, load=value / 10))
    await store.push(sample(source, 3700, "down"))
    await store.roll_up(source, HOUR + timedelta(seconds=3899))
    series, end = SeriesStore(database), HOUR + timedelta(hours=2)
    fine = await series.read(source, HOUR, end, FINE, ["connections"])
    assert set(fine.points) == {"connections"}
    assert [
        (point.at - HOUR, point.value, point.min, point.max, point.count) for point in fine.points["connections"]
    ] == [
        (timedelta(0), 3, 1, 6, 3),
        (timedelta(seconds=300), 10, 10, 10, 1),
        (timedelta(seconds=3300), 4, 4, 4, 1),
        (timedelta(seconds=3600), 8, 8, 8, 1),
    ]
    assert (fine.samples, fine.up) == (7, 6)
    every = await series.read(source, HOUR, end, COARSE)
    assert [point.value for point in every.points["connections"]] == [4.6, 8]
    assert [round(point.value, 2) for point in every.points["load"]] == [0.46, 0.8]
    part = await series.read(source, HOUR, HOUR + timedelta(seconds=300), 60, ["connections"])
    assert [point.value for point in part.points["connections"]] == [1, 2, 6]
    assert (await series.read(source + 1, HOUR, end, FINE)).points == {}


@pytest.mark.parametrize("step", [30, FINE, 3 * FINE, COARSE, 3 * COARSE])
@pytest.mark.parametrize("seed", range(3))
async def test_it_is_the_same_wherever_rollups_end(
    database: Database, make_place: MakePlace, step: int, seed: int
) -> None:
    random = Random(seed)
    store, [source] = SampleStore(database), await monitors_in(database, await make_place(), 1)
    seconds = sorted(random.sample(range(int(DAY.total_seconds())), 60))
    taken = [
        sample(source, second, random.choice(("up", "down", "pushed")), load=random.random()) for second in seconds
    ]
    for each in taken:
        await store.push(each)
    await store.roll_up(source, HOUR + timedelta(seconds=random.randrange(int(DAY.total_seconds()))))
    found = await SeriesStore(database).read(source, HOUR, HOUR + DAY, step)
    wanted = buckets([(each.at, each.state, each.readings) for each in taken], step)
    assert (found.samples, found.up) == (sum(b.samples for b in wanted), sum(b.up for b in wanted))
    assert [(point.at, point.min, point.max, point.count) for point in found.points["load"]] == [
        (b.at, b.readings["load"][1], b.readings["load"][2], b.readings["load"][0]) for b in wanted
    ]
    for point, bucket in zip(found.points["load"], wanted, strict=True):
        assert point.value == pytest.approx(bucket.readings["load"][3] / bucket.readings["load"][0])
